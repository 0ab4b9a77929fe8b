// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Shape;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;

/** A stack whose keys and frames a test sets one by one, in memory. */
final class MemoryScan implements KeySource, ScanData {

  final BitSet keys = new BitSet();
  final BitSet frames = new BitSet();
  long extent;
  long limit = -1;

  /** Sets the keys of {@code [from, to)}, and extends the scan if need be. */
  MemoryScan keys(int from, int to) {
    keys.set(from, to);
    extent = Math.max(extent, to);
    return this;
  }

  /** Sets both. */
  MemoryScan write(int from, int to) {
    frames.set(from, to);
    return keys(from, to);
  }

  @Override
  public void refresh() {
    // A test changes what is here between two looks.
  }

  @Override
  public Shape scan() {
    return Shape.of(extent);
  }

  @Override
  public long[] maxshape() {
    return new long[] {limit};
  }

  @Override
  public long firstUnset(long from, long end) {
    return Math.min(end, keys.nextClearBit((int) from));
  }

  @Override
  public FrameIntervals set(long from, long end) {
    return FrameIntervals.ofIndexes(keys.stream().asLongStream().toArray()).within(from, end);
  }

  @Override
  public long key(long index) {
    return keys.get((int) index) ? index + 1 : 0;
  }

  @Override
  public boolean isWritten(long... position) {
    return frames.get((int) position[0]);
  }

  @Override
  public Frame read(long... position) {
    ByteBuffer value = ByteBuffer.allocate(8).putLong(0, position[0]);
    Dtype dtype = new Dtype(ElementType.INT64, true);
    return new Frame(Shape.of(1), SliceMetadata.at(position), Optional.of(dtype), value);
  }
}
