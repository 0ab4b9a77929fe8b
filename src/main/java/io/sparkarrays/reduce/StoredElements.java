// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.reduce;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/**
 * Frames as they are stored in a file, in either byte order; stands on one frame at a time. Used by
 * one thread.
 */
public final class StoredElements implements ElementMemory {

  private final ByteOrder order;
  private final boolean flags;
  private ByteBuffer bytes;
  private ShortBuffer shorts;
  private IntBuffer ints;
  private LongBuffer longs;
  private FloatBuffer floats;
  private DoubleBuffer doubles;
  private int first;

  /** Elements of a dtype, of nothing yet. */
  public StoredElements(Dtype dtype) {
    this.order = dtype.order();
    this.flags = dtype.type() == ElementType.BOOL;
  }

  /** Takes what remains of a buffer, and stands on its first element. */
  public void take(ByteBuffer stored) {
    bytes = stored.slice().order(order);
    shorts = bytes.asShortBuffer();
    ints = bytes.asIntBuffer();
    longs = bytes.asLongBuffer();
    floats = bytes.asFloatBuffer();
    doubles = bytes.asDoubleBuffer();
    first = 0;
  }

  /** Stands on the frame that begins with an element. */
  public void stand(int element) {
    first = element;
  }

  @Override
  public void copy(int from, int count, byte[] to, int at) {
    bytes.get(first + from, to, at, count);
    if (flags) {
      for (int i = at; i < at + count; i++) {
        to[i] = (byte) (to[i] == 0 ? 0 : 1);
      }
    }
  }

  @Override
  public void copy(int from, int count, short[] to, int at) {
    shorts.get(first + from, to, at, count);
  }

  @Override
  public void copy(int from, int count, int[] to, int at) {
    ints.get(first + from, to, at, count);
  }

  @Override
  public void copy(int from, int count, long[] to, int at) {
    longs.get(first + from, to, at, count);
  }

  @Override
  public void copy(int from, int count, float[] to, int at) {
    floats.get(first + from, to, at, count);
  }

  @Override
  public void copy(int from, int count, double[] to, int at) {
    doubles.get(first + from, to, at, count);
  }
}
