// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import io.sparkarrays.core.Hyperslab;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads frames of one range into the caller's memory. Used by one thread. */
public interface FrameCursor extends Closeable {

  /**
   * Fills the remaining bytes of a buffer with frames in their stored dtype and C order.
   *
   * @param column the column's place in the list that the cursor was opened with
   * @param from first frame, counted in the scan
   * @param to one past the last frame
   * @param region the box of each frame to read
   * @param destination has exactly {@code (to - from) × region size × element size} bytes
   *     remaining; a direct buffer is filled without a further copy where the file is plain
   */
  void read(int column, long from, long to, Hyperslab region, ByteBuffer destination)
      throws IOException;

  /** What was done so far, in a file that is stored in chunks; may be asked until it is closed. */
  default Optional<ChunkCounts> chunks() {
    return Optional.empty();
  }
}
