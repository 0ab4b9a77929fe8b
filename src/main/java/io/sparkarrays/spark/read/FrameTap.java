// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import java.nio.ByteBuffer;

/** Sees the frames of a column as they are stored, on their way into its vector. */
@FunctionalInterface
interface FrameTap {

  /**
   * The next frames.
   *
   * @param stored their bytes from position to limit, both to be left alone; good during the call
   */
  void frames(ByteBuffer stored, int count);
}
