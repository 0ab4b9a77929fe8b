// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

/**
 * IEEE 754 binary16 in the low bits of a {@code short}, which Java 17 has no type for: 1 bit sign,
 * 5 exponent (bias 15), 10 fraction.
 */
public final class Half {

  private Half() {}

  /** The same value's {@code float} bits; exact for every half, NaN payloads included. */
  public static int toFloatBits(short half) {
    // With the fraction aligned the exponent is 112 too low, subnormal or not: scale it up.
    float scaled = Float.intBitsToFloat((half & 0x7fff) << 13) * 0x1p112f;
    // All ones in the exponent (infinity, NaN) must become all ones.
    int special = -(((half & 0x7c00) + 0x400) >> 15) & 0x7f80_0000;
    return Float.floatToRawIntBits(scaled) | special | (half & 0x8000) << 16;
  }

  /** The nearest half, ties to even; a value too large becomes infinity. */
  static short of(double value) {
    int sign = (int) (Double.doubleToRawLongBits(value) >>> 48) & 0x8000;
    double size = Math.abs(value);
    if (Double.isNaN(value)) {
      return 0x7e00;
    }
    if (size >= 65520) {
      return (short) (sign | 0x7c00);
    }
    // The last place of the result; below 2^-14 halves are subnormal, and their places stay equal.
    int place = Math.max(Math.getExponent(size), -14) - 10;
    long units = (long) Math.rint(Math.scalb(size, -place));
    // 1024 units and more have the leading one, which the exponent field counts by itself.
    return (short) (sign | (int) (((long) (place + 24) << 10) + units));
  }
}
