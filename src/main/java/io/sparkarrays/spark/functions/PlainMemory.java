// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import io.sparkarrays.core.ElementType;
import io.sparkarrays.reduce.ElementMemory;
import java.math.BigInteger;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.Decimal;

/**
 * Elements of an array that is asked for them one by one: literals and what Spark computed. Points
 * to another frame for each row. Used by one thread.
 */
final class PlainMemory implements ElementMemory {

  private ArrayData array;
  private ElementType type;

  /** Points to a frame. */
  PlainMemory point(ArrayData frame, ElementType elements) {
    array = frame;
    type = elements;
    return this;
  }

  @Override
  public void copy(int from, int count, byte[] to, int at) {
    boolean bool = type == ElementType.BOOL;
    for (int i = 0; i < count; i++) {
      to[at + i] = bool ? (byte) (array.getBoolean(from + i) ? 1 : 0) : array.getByte(from + i);
    }
  }

  @Override
  public void copy(int from, int count, short[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = array.getShort(from + i);
    }
  }

  @Override
  public void copy(int from, int count, int[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = array.getInt(from + i);
    }
  }

  @Override
  public void copy(int from, int count, long[] to, int at) {
    boolean decimal = type == ElementType.UINT64;
    for (int i = 0; i < count; i++) {
      to[at + i] =
          decimal
              ? unsigned(array.getDecimal(from + i, FrameType.UINT64_DIGITS, 0))
              : array.getLong(from + i);
    }
  }

  /** The bits of a uint64. */
  static long unsigned(Decimal value) {
    BigInteger number = value.toJavaBigDecimal().toBigInteger();
    if (number.signum() < 0 || number.bitLength() > Long.SIZE) {
      throw RawMemory.notUnsigned();
    }
    return number.longValue();
  }

  @Override
  public void copy(int from, int count, float[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = array.getFloat(from + i);
    }
  }

  @Override
  public void copy(int from, int count, double[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = array.getDouble(from + i);
    }
  }
}
