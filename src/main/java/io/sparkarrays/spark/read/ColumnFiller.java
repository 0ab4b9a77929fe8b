// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Brings one column's values of a run of frames into a batch's memory. Used by one thread. */
interface ColumnFiller {

  /** The column's vector. */
  VectorPlan plan();

  /**
   * Fills rows.
   *
   * @param buffers the vector's buffers in the plan's order, little-endian, position 0, limit at
   *     the capacity; left so
   * @param row the batch's row of the run's first frame; rows are filled in ascending order
   */
  void fill(ByteBuffer[] buffers, int row, FrameRun run) throws IOException;
}
