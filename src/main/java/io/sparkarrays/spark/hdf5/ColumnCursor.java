// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.VariableBytes;
import io.sparkarrays.spark.source.ChunkCounts;
import io.sparkarrays.spark.source.FrameReference;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads the frames of one column of one file. Used by one thread. */
interface ColumnCursor extends Closeable {

  /** Number of frames. */
  long frames();

  /** Fills the remaining bytes of a buffer with a region of frames, counted in the file. */
  void read(long from, long to, Hyperslab region, ByteBuffer destination) throws IOException;

  /** Looks up elements of variable length. */
  default void resolve(ValueType.Variable type, ByteBuffer elements, VariableBytes values)
      throws IOException {
    throw new UnsupportedOperationException("no column is of " + type);
  }

  /** Where frames are, from one on, counted in the file; as a cursor tells it. */
  default Optional<FrameReference> reference(long frame) throws IOException {
    return Optional.empty();
  }

  /** What was done so far, if there are chunks. */
  default Optional<ChunkCounts> chunks() {
    return Optional.empty();
  }

  /** Other files that were opened so far. */
  default long sourcesOpened() {
    return 0;
  }

  @Override
  default void close() throws IOException {}
}
