// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.VariableBytes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads frames of one range into the caller's memory. Used by one thread. */
public interface FrameCursor extends Closeable {

  /**
   * Fills the remaining bytes of a buffer with frames as they are stored, in C order.
   *
   * @param column the column's place in the list that the cursor was opened with
   * @param from first frame, counted in the table
   * @param to one past the last frame
   * @param region the box of each frame to read
   * @param destination has exactly {@code (to - from) × region size × element size} bytes
   *     remaining; a direct buffer is filled without a further copy where the file is plain
   */
  void read(int column, long from, long to, Hyperslab region, ByteBuffer destination)
      throws IOException;

  /**
   * Looks up what elements of variable length refer to.
   *
   * @param column as in {@link #read}
   * @param type the elements' type: the column's, or a part of it
   * @param elements as {@link #read} gave them, or as they stood in a sequence that this method
   *     gave; all that remains is consumed
   * @param values takes a run of bytes for each: the text with its padding, or the stored elements
   *     of the sequence; cleared by the caller
   */
  default void resolve(
      int column, ValueType.Variable type, ByteBuffer elements, VariableBytes values)
      throws IOException {
    throw new UnsupportedOperationException("no column of this format is of " + type);
  }

  /**
   * Where frames are, from one on.
   *
   * @param column as in {@link #read}
   * @param frame counted in the table
   * @return empty if that can't be said, or only this cursor would read them right
   */
  default Optional<FrameReference> reference(int column, long frame) throws IOException {
    return Optional.empty();
  }

  /** How many other files the range was made of that were opened so far. */
  default long sourcesOpened() {
    return 0;
  }

  /** What was done so far, in a file that is stored in chunks; may be asked until it is closed. */
  default Optional<ChunkCounts> chunks() {
    return Optional.empty();
  }
}
