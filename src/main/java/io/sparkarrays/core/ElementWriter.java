// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.nio.ByteBuffer;

/** Checks short arrays of {@code long} or {@code double} values and writes them as a dtype. */
final class ElementWriter {

  private final Dtype dtype;
  private final ElementType component;
  private final long least;
  private final long most;
  private byte[] bytes = {};
  private short[] shorts = {};
  private int[] ints = {};
  private long[] longs = {};

  ElementWriter(Dtype dtype) {
    this.dtype = dtype;
    this.component =
        switch (dtype.type()) {
          case COMPLEX64 -> ElementType.FLOAT32;
          case COMPLEX128 -> ElementType.FLOAT64;
          default -> dtype.type();
        };
    int bits = Byte.SIZE * component.size();
    this.least = component.kind() == 'i' ? -1L << (bits - 1) : 0;
    this.most =
        switch (component) {
          case BOOL -> 1;
          case UINT64 -> Long.MAX_VALUE;
          default -> component.kind() == 'u' ? (1L << bits) - 1 : ~(-1L << (bits - 1));
        };
  }

  boolean isFloat32() {
    return component == ElementType.FLOAT32;
  }

  boolean isFloat64() {
    return component == ElementType.FLOAT64;
  }

  // Values that need neither check nor conversion but for the byte order.

  void copy(short[] values, int from, int to, ByteBuffer out) {
    ordered(out, to - from).asShortBuffer().put(values, from, to - from);
    advance(out, to - from);
  }

  void copy(int[] values, int from, int to, ByteBuffer out) {
    ordered(out, to - from).asIntBuffer().put(values, from, to - from);
    advance(out, to - from);
  }

  void copy(long[] values, int from, int to, ByteBuffer out) {
    ordered(out, to - from).asLongBuffer().put(values, from, to - from);
    advance(out, to - from);
  }

  void copy(float[] values, int from, int to, ByteBuffer out) {
    ordered(out, to - from).asFloatBuffer().put(values, from, to - from);
    advance(out, to - from);
  }

  void copy(double[] values, int from, int to, ByteBuffer out) {
    ordered(out, to - from).asDoubleBuffer().put(values, from, to - from);
    advance(out, to - from);
  }

  private ByteBuffer ordered(ByteBuffer out, int count) {
    return out.slice(out.position(), Math.min(out.remaining(), count * component.size()))
        .order(dtype.order());
  }

  private void advance(ByteBuffer out, int count) {
    out.position(out.position() + count * component.size());
  }

  /**
   * Writes the first n values.
   *
   * @param at the first one's index in messages
   */
  void put(long[] values, int n, int at, ByteBuffer out) throws ElementOutOfRangeException {
    switch (component) {
      case FLOAT16 -> exact(values, n, at, 11, 65504);
      case FLOAT32 -> exact(values, n, at, 24, Long.MAX_VALUE);
      case FLOAT64 -> exact(values, n, at, 53, Long.MAX_VALUE);
      default -> inRange(values, n, at);
    }
    store(values, n, out);
  }

  private void inRange(long[] values, int n, int at) throws ElementOutOfRangeException {
    long least = this.least;
    long most = this.most;
    // A negative distance from either end shows in the sign of all distances together, so the loop
    // has no branch; a bad value is looked for afterwards. Distances that overflow are false
    // alarms.
    long distances = 0;
    for (int i = 0; i < n; i++) {
      distances |= (values[i] - least) | (most - values[i]);
    }
    for (int i = 0; distances < 0 && i < n; i++) {
      if (values[i] < least || values[i] > most) {
        throw new ElementOutOfRangeException(at + i, values[i], dtype);
      }
    }
  }

  private void exact(long[] values, int n, int at, int bits, long most)
      throws ElementOutOfRangeException {
    for (int i = 0; i < n; i++) {
      long size = Math.abs(values[i]);
      int used = 64 - Long.numberOfLeadingZeros(size) - Long.numberOfTrailingZeros(size);
      // The least long has no positive counterpart, but is a power of two.
      if (used > bits || (size > most && size > 0) || (size < 0 && most < Long.MAX_VALUE)) {
        throw new ElementOutOfRangeException(at + i, values[i], dtype);
      }
    }
  }

  /** Values that were checked. */
  private void store(long[] values, int n, ByteBuffer out) {
    reserve(n);
    switch (component) {
      case BOOL, INT8, UINT8 -> {
        for (int i = 0; i < n; i++) {
          bytes[i] = (byte) values[i];
        }
        out.put(bytes, 0, n);
      }
      case INT16, UINT16 -> {
        for (int i = 0; i < n; i++) {
          shorts[i] = (short) values[i];
        }
        copy(shorts, 0, n, out);
      }
      case INT32, UINT32 -> {
        for (int i = 0; i < n; i++) {
          ints[i] = (int) values[i];
        }
        copy(ints, 0, n, out);
      }
      case FLOAT16 -> {
        for (int i = 0; i < n; i++) {
          shorts[i] = Half.of((double) values[i]);
        }
        copy(shorts, 0, n, out);
      }
      case FLOAT32 -> {
        for (int i = 0; i < n; i++) {
          ints[i] = Float.floatToRawIntBits((float) values[i]);
        }
        copy(ints, 0, n, out);
      }
      case FLOAT64 -> {
        for (int i = 0; i < n; i++) {
          longs[i] = Double.doubleToRawLongBits((double) values[i]);
        }
        copy(longs, 0, n, out);
      }
      default -> copy(values, 0, n, out);
    }
  }

  /** As the other form, for floating point values. */
  void put(double[] values, int n, int at, ByteBuffer out) throws ElementOutOfRangeException {
    reserve(n);
    switch (component) {
      case FLOAT16 -> {
        for (int i = 0; i < n; i++) {
          shorts[i] = Half.of(values[i]);
          finite((shorts[i] & 0x7fff) == 0x7c00, values[i], at + i);
        }
        copy(shorts, 0, n, out);
      }
      case FLOAT32 -> {
        for (int i = 0; i < n; i++) {
          float rounded = (float) values[i];
          ints[i] = Float.floatToRawIntBits(rounded);
          finite(Float.isInfinite(rounded), values[i], at + i);
        }
        copy(ints, 0, n, out);
      }
      case FLOAT64 -> copy(values, 0, n, out);
      default -> {
        for (int i = 0; i < n; i++) {
          longs[i] = whole(values[i], at + i);
        }
        store(longs, n, out);
      }
    }
  }

  private void finite(boolean infinite, double value, int index) throws ElementOutOfRangeException {
    if (infinite && !Double.isInfinite(value)) {
      throw new ElementOutOfRangeException(index, value, dtype);
    }
  }

  /** The integer that a value is, as the bits of an unsigned one for uint64. */
  private long whole(double value, int index) throws ElementOutOfRangeException {
    if (component == ElementType.UINT64 && value >= 0x1p63 && value < 0x1p64) {
      return (long) (value - 0x1p63) ^ Long.MIN_VALUE;
    }
    // As a double, the greatest long is one too many.
    if (value != Math.rint(value) || value < least || value > most || value == 0x1p63) {
      throw new ElementOutOfRangeException(index, value, dtype);
    }
    return (long) value;
  }

  private void reserve(int n) {
    int width = component.size();
    if (width == 1 && bytes.length < n) {
      bytes = new byte[n];
    } else if (width == 2 && shorts.length < n) {
      shorts = new short[n];
    } else if (width == 4 && ints.length < n) {
      ints = new int[n];
    }
    if (longs.length < n) {
      longs = new long[n];
    }
  }
}
