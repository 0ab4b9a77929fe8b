// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementEncoder;
import io.sparkarrays.core.ElementOutOfRangeException;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.Half;
import java.nio.ByteBuffer;
import java.util.function.LongUnaryOperator;

/**
 * Numbers to numbers: integers are clipped, fractions cut off and not-a-number becomes zero where
 * the target is an integer; floating point numbers are rounded to the nearest, or are infinite.
 */
final class NumberConversion implements ElementConversion {

  private static final int STEP = 2048;

  private final Dtype source;
  private final ElementType in;
  private final ElementType out;
  private final int components;
  private final int width;
  private final boolean floating;
  private final boolean toFloating;
  private final boolean unsignedLong;
  private final long least;
  private final long most;
  private final LongUnaryOperator mapping;
  private final ElementEncoder encoder;
  private final short[] shorts = new short[STEP];
  private final int[] ints = new int[STEP];
  private final long[] longs = new long[STEP];
  private final float[] floats = new float[STEP];
  private final double[] doubles = new double[STEP];

  NumberConversion(Dtype from, Dtype to) {
    this(from, to, null);
  }

  /**
   * @param mapping of integers to others, before they are clipped; null for none
   */
  NumberConversion(Dtype from, Dtype to, LongUnaryOperator mapping) {
    this.source = from;
    this.in = component(from.type());
    this.out = component(to.type());
    this.components = from.type().components();
    this.width = to.size() / components;
    this.floating = in.kind() == 'f';
    this.toFloating = out.kind() == 'f';
    this.unsignedLong = in == ElementType.UINT64;
    this.mapping = mapping;
    this.encoder = ElementEncoder.of(to);
    int bits = Byte.SIZE * out.size();
    this.least = out.kind() == 'i' ? -1L << (bits - 1) : 0;
    this.most =
        switch (out) {
          case BOOL -> 1;
          case UINT64 -> Long.MAX_VALUE;
          default -> out.kind() == 'u' ? (1L << bits) - 1 : ~(-1L << (bits - 1));
        };
  }

  private static ElementType component(ElementType type) {
    return switch (type) {
      case COMPLEX64 -> ElementType.FLOAT32;
      case COMPLEX128 -> ElementType.FLOAT64;
      default -> type;
    };
  }

  @Override
  public void convert(ByteBuffer input, int from, ByteBuffer output, int to, int count) {
    ByteBuffer packed = input.duplicate().clear();
    ByteBuffer filled = output.duplicate().clear().position(to);
    int all = count * components;
    for (int done = 0; done < all; done += STEP) {
      int n = Math.min(STEP, all - done);
      packed.limit(packed.capacity()).position(from + done * in.size());
      load(packed, n);
      try {
        store(filled.position(to + done * width), n);
      } catch (ElementOutOfRangeException e) {
        throw new AssertionError("Clipped to " + out, e);
      }
    }
  }

  /** To longs, or doubles if the numbers are floating point. */
  private void load(ByteBuffer packed, int n) {
    ByteBuffer ordered = packed.slice().order(source.order());
    switch (in) {
      case BOOL, INT8 -> {
        for (int i = 0; i < n; i++) {
          longs[i] = ordered.get(i);
        }
      }
      case UINT8 -> {
        for (int i = 0; i < n; i++) {
          longs[i] = ordered.get(i) & 0xff;
        }
      }
      case INT16, UINT16, FLOAT16 -> {
        ordered.asShortBuffer().get(shorts, 0, n);
        for (int i = 0; i < n; i++) {
          longs[i] = in == ElementType.UINT16 ? shorts[i] & 0xffff : shorts[i];
        }
      }
      case INT32, UINT32 -> {
        ordered.asIntBuffer().get(ints, 0, n);
        for (int i = 0; i < n; i++) {
          longs[i] = in == ElementType.UINT32 ? ints[i] & 0xffff_ffffL : ints[i];
        }
      }
      case FLOAT32 -> {
        ordered.asFloatBuffer().get(floats, 0, n);
        for (int i = 0; i < n; i++) {
          doubles[i] = floats[i];
        }
      }
      case FLOAT64 -> ordered.asDoubleBuffer().get(doubles, 0, n);
      default -> ordered.asLongBuffer().get(longs, 0, n);
    }
    if (in == ElementType.FLOAT16) {
      for (int i = 0; i < n; i++) {
        doubles[i] = Float.intBitsToFloat(Half.toFloatBits(shorts[i]));
      }
    }
    if (mapping != null) {
      for (int i = 0; i < n; i++) {
        longs[i] = mapping.applyAsLong(longs[i]);
      }
    }
  }

  private void store(ByteBuffer filled, int n) throws ElementOutOfRangeException {
    if (toFloating) {
      if (!floating) {
        floating(n);
      }
      rounded(n);
      encoder.put(doubles, 0, n, filled);
    } else if (floating && out == ElementType.UINT64) {
      for (int i = 0; i < n; i++) {
        longs[i] = unsigned(doubles[i]);
      }
      encoder.putUnsigned(longs, 0, n, filled);
    } else {
      for (int i = 0; floating && i < n; i++) {
        longs[i] = (long) doubles[i];
      }
      clip(n);
      if (out == ElementType.UINT64) {
        encoder.putUnsigned(longs, 0, n, filled);
      } else {
        encoder.put(longs, 0, n, filled);
      }
    }
  }

  private void clip(int n) {
    if (unsignedLong) {
      for (int i = 0; i < n; i++) {
        long value = longs[i];
        boolean over = value < 0 || value > most;
        longs[i] = over && out != ElementType.UINT64 ? most : value;
      }
    } else if (out == ElementType.BOOL) {
      for (int i = 0; i < n; i++) {
        longs[i] = longs[i] == 0 ? 0 : 1;
      }
    } else {
      for (int i = 0; i < n; i++) {
        longs[i] = Math.max(least, Math.min(most, longs[i]));
      }
    }
  }

  /** Integers, rounded once to what the target holds. */
  private void floating(int n) {
    boolean single = out == ElementType.FLOAT32;
    for (int i = 0; i < n; i++) {
      long value = longs[i];
      if (unsignedLong && value < 0) {
        // Half of it, with a last bit that remembers what was cut off.
        long half = (value >>> 1) | (value & 1);
        doubles[i] = single ? 2d * (float) half : 2d * (double) half;
      } else {
        doubles[i] = single ? (float) value : (double) value;
      }
    }
  }

  /** What overflows the target is infinite. */
  private void rounded(int n) {
    if (out == ElementType.FLOAT32) {
      for (int i = 0; i < n; i++) {
        doubles[i] = (float) doubles[i];
      }
    } else if (out == ElementType.FLOAT16) {
      for (int i = 0; i < n; i++) {
        // Half of the way from the greatest to what would be the next.
        boolean over = Math.abs(doubles[i]) >= 65520;
        doubles[i] = over ? Math.copySign(Double.POSITIVE_INFINITY, doubles[i]) : doubles[i];
      }
    }
  }

  private static long unsigned(double value) {
    if (!(value > 0)) {
      return 0;
    } else if (value >= 0x1p64) {
      return -1;
    }
    return value < 0x1p63 ? (long) value : (long) (value - 0x1p63) ^ Long.MIN_VALUE;
  }
}
