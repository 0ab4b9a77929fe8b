// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * Writes Java values as elements of a dtype and byte order, many at a time. Complex dtypes take
 * their real and imaginary parts in turn.
 *
 * <p>What a dtype can't hold is refused, never cut off: integers must be in range, and exact where
 * they become floating point; floating point values become integers only if they are whole. A
 * {@code double} becomes a narrower floating point number by rounding to the nearest, ties to even,
 * as numpy's {@code astype} does, but not if that makes an infinity of a finite number. For bool, 0
 * and 1 count as false and true.
 *
 * <p>An encoder keeps scratch arrays, so each thread needs its own. A call that throws may have
 * written some of the elements.
 */
public final class ElementEncoder {

  private static final int STEP = 2048;

  private final Dtype dtype;
  private final ElementWriter writer;
  private final long[] longs = new long[STEP];
  private final double[] doubles = new double[STEP];

  private ElementEncoder(Dtype dtype) {
    this.dtype = dtype;
    this.writer = new ElementWriter(dtype);
  }

  /** An encoder of a dtype. */
  public static ElementEncoder of(Dtype dtype) {
    return new ElementEncoder(dtype);
  }

  /**
   * Writes the values {@code from} (inclusive) to {@code to} (exclusive) at the buffer's position
   * and moves it. The buffer's own byte order makes no difference.
   *
   * @throws ElementOutOfRangeException at the first value that the dtype can't hold
   * @throws java.nio.BufferOverflowException if the buffer has not room for all
   */
  public void put(byte[] values, int from, int to, ByteBuffer out)
      throws ElementOutOfRangeException {
    if (dtype.type() == ElementType.INT8) {
      out.put(values, from, to - from);
      return;
    }
    for (int at = from; at < to; at += STEP) {
      int n = Math.min(STEP, to - at);
      for (int i = 0; i < n; i++) {
        longs[i] = values[at + i];
      }
      writer.put(longs, n, at, out);
    }
  }

  /** As {@link #put(byte[], int, int, ByteBuffer)}. */
  public void put(short[] values, int from, int to, ByteBuffer out)
      throws ElementOutOfRangeException {
    if (dtype.type() == ElementType.INT16) {
      writer.copy(values, from, to, out);
      return;
    }
    for (int at = from; at < to; at += STEP) {
      int n = Math.min(STEP, to - at);
      for (int i = 0; i < n; i++) {
        longs[i] = values[at + i];
      }
      writer.put(longs, n, at, out);
    }
  }

  /** As {@link #put(byte[], int, int, ByteBuffer)}. */
  public void put(int[] values, int from, int to, ByteBuffer out)
      throws ElementOutOfRangeException {
    if (dtype.type() == ElementType.INT32) {
      writer.copy(values, from, to, out);
      return;
    }
    for (int at = from; at < to; at += STEP) {
      int n = Math.min(STEP, to - at);
      for (int i = 0; i < n; i++) {
        longs[i] = values[at + i];
      }
      writer.put(longs, n, at, out);
    }
  }

  /** As {@link #put(byte[], int, int, ByteBuffer)}. */
  public void put(long[] values, int from, int to, ByteBuffer out)
      throws ElementOutOfRangeException {
    if (dtype.type() == ElementType.INT64) {
      writer.copy(values, from, to, out);
      return;
    }
    for (int at = from; at < to; at += STEP) {
      int n = Math.min(STEP, to - at);
      System.arraycopy(values, at, longs, 0, n);
      writer.put(longs, n, at, out);
    }
  }

  /**
   * Writes unsigned 64-bit values, which {@code long} holds as two's complement; for {@code uint64}
   * only.
   */
  public void putUnsigned(long[] values, int from, int to, ByteBuffer out) {
    if (dtype.type() != ElementType.UINT64) {
      throw new IllegalStateException("Not an encoder of uint64 but of " + dtype);
    }
    writer.copy(values, from, to, out);
  }

  /** As {@link #put(byte[], int, int, ByteBuffer)}. */
  public void put(float[] values, int from, int to, ByteBuffer out)
      throws ElementOutOfRangeException {
    if (writer.isFloat32()) {
      writer.copy(values, from, to, out);
      return;
    }
    for (int at = from; at < to; at += STEP) {
      int n = Math.min(STEP, to - at);
      for (int i = 0; i < n; i++) {
        doubles[i] = values[at + i];
      }
      writer.put(doubles, n, at, out);
    }
  }

  /** As {@link #put(byte[], int, int, ByteBuffer)}. */
  public void put(double[] values, int from, int to, ByteBuffer out)
      throws ElementOutOfRangeException {
    if (writer.isFloat64()) {
      writer.copy(values, from, to, out);
      return;
    }
    for (int at = from; at < to; at += STEP) {
      int n = Math.min(STEP, to - at);
      System.arraycopy(values, at, doubles, 0, n);
      writer.put(doubles, n, at, out);
    }
  }

  /** As {@link #put(byte[], int, int, ByteBuffer)}; false is 0 and true 1. */
  public void put(boolean[] values, int from, int to, ByteBuffer out)
      throws ElementOutOfRangeException {
    for (int at = from; at < to; at += STEP) {
      int n = Math.min(STEP, to - at);
      for (int i = 0; i < n; i++) {
        longs[i] = values[at + i] ? 1 : 0;
      }
      writer.put(longs, n, at, out);
    }
  }

  /**
   * As {@link #put(byte[], int, int, ByteBuffer)}, for all of uint64's numbers too; fractions are
   * for floating point dtypes only.
   */
  public void put(BigDecimal[] values, int from, int to, ByteBuffer out)
      throws ElementOutOfRangeException {
    ElementType type = dtype.type();
    boolean floating = type.kind() == 'f' || type.kind() == 'c';
    for (int at = from; at < to; at += STEP) {
      int n = Math.min(STEP, to - at);
      for (int i = 0; i < n; i++) {
        if (floating) {
          doubles[i] = values[at + i].doubleValue();
        } else {
          longs[i] = whole(values[at + i], at + i);
        }
      }
      if (floating) {
        writer.put(doubles, n, at, out);
      } else if (type == ElementType.UINT64) {
        writer.copy(longs, 0, n, out);
      } else {
        writer.put(longs, n, at, out);
      }
    }
  }

  /** A whole number, of uint64 as two's complement. */
  private long whole(BigDecimal value, int index) throws ElementOutOfRangeException {
    try {
      BigInteger number = value.toBigIntegerExact();
      boolean unsigned = dtype.type() == ElementType.UINT64;
      if (unsigned && number.signum() >= 0 && number.bitLength() <= Long.SIZE) {
        return number.longValue();
      } else if (!unsigned) {
        return number.longValueExact();
      }
    } catch (ArithmeticException e) {
      throw refusal(value, index, e);
    }
    throw refusal(value, index, null);
  }

  private ElementOutOfRangeException refusal(BigDecimal value, int index, Exception cause) {
    ElementOutOfRangeException refusal =
        new ElementOutOfRangeException(index, value.toPlainString(), dtype);
    refusal.initCause(cause);
    return refusal;
  }
}
