// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import java.io.IOException;

/** Brings one column's values of a run of frames into a batch's memory. Used by one thread. */
interface ColumnFiller {

  /** The column's vector. */
  VectorPlan plan();

  /**
   * Fills rows.
   *
   * @param buffers the vector's buffers in the plan's order
   * @param row the batch's row of the run's first frame; rows are filled in ascending order
   */
  void fill(VectorBuffers buffers, int row, FrameRun run) throws IOException;
}
