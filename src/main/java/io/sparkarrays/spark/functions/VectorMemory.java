// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import io.sparkarrays.reduce.ElementMemory;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.vectorized.ColumnVector;

/**
 * Elements in a column vector that is not Arrow's, such as Parquet's: it knows how to copy runs of
 * them. Points to another frame for each row. Used by one thread.
 */
final class VectorMemory implements ElementMemory {

  private ColumnVector vector;
  private int first;
  private boolean bool;

  /** Points to a frame that begins at an element of a vector. */
  VectorMemory point(ColumnVector holder, int firstElement, boolean ofBooleans) {
    vector = holder;
    first = firstElement;
    bool = ofBooleans;
    return this;
  }

  @Override
  public void copy(int from, int count, byte[] to, int at) {
    if (!bool) {
      System.arraycopy(vector.getBytes(first + from, count), 0, to, at, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      to[at + i] = (byte) (vector.getBoolean(first + from + i) ? 1 : 0);
    }
  }

  @Override
  public void copy(int from, int count, short[] to, int at) {
    System.arraycopy(vector.getShorts(first + from, count), 0, to, at, count);
  }

  @Override
  public void copy(int from, int count, int[] to, int at) {
    System.arraycopy(vector.getInts(first + from, count), 0, to, at, count);
  }

  @Override
  public void copy(int from, int count, long[] to, int at) {
    if (!(vector.dataType() instanceof DecimalType)) {
      System.arraycopy(vector.getLongs(first + from, count), 0, to, at, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      Decimal value = vector.getDecimal(first + from + i, FrameType.UINT64_DIGITS, 0);
      to[at + i] = PlainMemory.unsigned(value);
    }
  }

  @Override
  public void copy(int from, int count, float[] to, int at) {
    System.arraycopy(vector.getFloats(first + from, count), 0, to, at, count);
  }

  @Override
  public void copy(int from, int count, double[] to, int at) {
    System.arraycopy(vector.getDoubles(first + from, count), 0, to, at, count);
  }
}
