// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

/** Values of numbers whose bits lie anywhere in up to eight bytes of either order. */
public final class Numbers {

  private Numbers() {}

  /** The element's bytes as one number, the least significant lowest; the size is at most 8. */
  private static long bits(byte[] bytes, int at, int size, boolean bigEndian) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      int from = bigEndian ? at + i : at + size - 1 - i;
      value = value << 8 | (bytes[from] & 0xff);
    }
    return value;
  }

  private static long field(long bits, int from, int count) {
    return count == 64 ? bits >>> from : (bits >>> from) & ((1L << count) - 1);
  }

  /** An integer's value; unsigned ones of 64 bits as two's complement. Other bits may be set. */
  public static long integer(Datatype.FixedPoint type, byte[] bytes, int at) {
    long value =
        field(bits(bytes, at, type.size(), type.bigEndian()), type.bitOffset(), type.precision());
    int unused = 64 - type.precision();
    return type.signed() ? value << unused >> unused : value;
  }

  /** The bits of a bit field. */
  public static long bits(Datatype.BitField type, byte[] bytes, int at) {
    return field(
        bits(bytes, at, type.size(), type.bigEndian()), type.bitOffset(), type.precision());
  }

  /** A floating point number's value, rounded if it has more than a double's bits. */
  public static double floating(Datatype.FloatingPoint type, byte[] bytes, int at) {
    long bits = bits(bytes, at, type.size(), type.bigEndian());
    long exponent = field(bits, type.exponent(), type.exponentBits());
    long mantissa = field(bits, type.mantissa(), type.mantissaBits());
    double sign = field(bits, type.sign(), 1) == 0 ? 1 : -1;
    boolean implied = type.normalization() == 2;
    if (exponent == (1L << type.exponentBits()) - 1 && type.exponentBits() > 1) {
      long fraction = implied ? mantissa : mantissa & ~(1L << (type.mantissaBits() - 1));
      return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }
    boolean subnormal = exponent == 0;
    int point = implied ? type.mantissaBits() : type.mantissaBits() - 1;
    double value = unsigned(mantissa) + (implied && !subnormal ? Math.scalb(1d, point) : 0);
    long power = (subnormal ? 1 : exponent) - type.bias() - point;
    int clamped = (int) Math.max(-5000, Math.min(5000, power));
    return sign * scale(value, clamped);
  }

  private static double unsigned(long value) {
    return value >= 0 ? value : 2d * (value >>> 1) + (value & 1);
  }

  /** In two steps, so that neither overflows before the other has taken back. */
  private static double scale(double value, int power) {
    int half = power / 2;
    return Math.scalb(Math.scalb(value, half), power - half);
  }
}
