// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.reduce.ElementMemory;
import org.apache.spark.unsafe.Platform;

/**
 * Elements that lie one after the other in memory, on the heap or off it. Points to another frame
 * for each row. Used by one thread.
 */
final class RawMemory implements ElementMemory {

  /** How an element lies there. */
  enum Layout {
    /** In its own width. */
    PACKED,
    /** Bool as one bit, lowest first. */
    BITS,
    /** A whole number of 64 bits in the lower half of 128. */
    WIDE
  }

  private Object base;
  private long address;
  private long first;
  private Layout layout;

  /**
   * Points to a frame.
   *
   * @param base the array that holds it, or null for an address off the heap
   * @param address of the memory's first element
   * @param first the frame's first element in that memory
   */
  RawMemory point(Object base, long address, long first, Layout layout) {
    this.base = base;
    this.address = address;
    this.first = first;
    this.layout = layout;
    return this;
  }

  private void copy(int from, int count, int width, Object to, long at) {
    Platform.copyMemory(
        base, address + (first + from) * width, to, at, Math.multiplyFull(count, width));
  }

  @Override
  public void copy(int from, int count, byte[] to, int at) {
    if (layout == Layout.BITS) {
      for (int i = 0; i < count; i++) {
        long bit = first + from + i;
        int held = Platform.getByte(base, address + (bit >> 3));
        to[at + i] = (byte) (held >> (bit & 7) & 1);
      }
    } else {
      copy(from, count, Byte.BYTES, to, Platform.BYTE_ARRAY_OFFSET + at);
    }
  }

  @Override
  public void copy(int from, int count, short[] to, int at) {
    copy(from, count, Short.BYTES, to, Platform.SHORT_ARRAY_OFFSET + (long) Short.BYTES * at);
  }

  @Override
  public void copy(int from, int count, int[] to, int at) {
    copy(from, count, Integer.BYTES, to, Platform.INT_ARRAY_OFFSET + (long) Integer.BYTES * at);
  }

  @Override
  public void copy(int from, int count, long[] to, int at) {
    if (layout == Layout.WIDE) {
      copyLowerHalves(from, count, to, at);
    } else {
      copy(from, count, Long.BYTES, to, Platform.LONG_ARRAY_OFFSET + (long) Long.BYTES * at);
    }
  }

  private void copyLowerHalves(int from, int count, long[] to, int at) {
    long upper = 0;
    for (int i = 0; i < count; i++) {
      long place = address + (first + from + i) * 2 * Long.BYTES;
      to[at + i] = Platform.getLong(base, place);
      upper |= Platform.getLong(base, place + Long.BYTES);
    }
    if (upper != 0) {
      throw notUnsigned();
    }
  }

  /** A DECIMAL(20,0) that is no uint64. */
  static ArrayException notUnsigned() {
    return new ArrayException(
        ErrorCode.VALUE_OUT_OF_RANGE,
        "a frame of DECIMAL(20,0)",
        "an element is outside uint64, 0 to 2^64 - 1",
        "Use transform(frame, x -> CAST(x AS DOUBLE)) for other decimals");
  }

  @Override
  public void copy(int from, int count, float[] to, int at) {
    copy(from, count, Float.BYTES, to, Platform.FLOAT_ARRAY_OFFSET + (long) Float.BYTES * at);
  }

  @Override
  public void copy(int from, int count, double[] to, int at) {
    copy(from, count, Double.BYTES, to, Platform.DOUBLE_ARRAY_OFFSET + (long) Double.BYTES * at);
  }
}
