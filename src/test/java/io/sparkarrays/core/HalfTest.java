// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** Every half there is, and rounding to them. */
class HalfTest {

  /** A half's value by the definition of the format. */
  static float slowly(short half) {
    int exponent = half >> 10 & 0x1f;
    int fraction = half & 0x3ff;
    double size =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24;
          case 31 -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
          default -> (1024 + fraction) * Math.scalb(1.0, exponent - 25);
        };
    return (float) (half < 0 ? -size : size);
  }

  @Test
  void allHalvesBecomeTheirValueAndComeBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      short half = (short) bits;
      float value = Float.intBitsToFloat(Half.toFloatBits(half));
      assertThat(value).isEqualTo(Float.valueOf(slowly(half)));
      if (!Float.isNaN(value)) {
        assertThat(Half.of(value)).isEqualTo(half);
      } else {
        assertThat(slowly(Half.of(value))).isNaN();
      }
    }
  }

  @Test
  void signedZerosKeepTheirSign() {
    assertThat(Half.toFloatBits((short) 0x8000)).isEqualTo(Float.floatToRawIntBits(-0f));
    assertThat(Half.of(-0.0)).isEqualTo((short) 0x8000);
  }

  @Property
  void roundsToTheNearestAndTiesToEven(@ForAll @DoubleRange(min = -66000, max = 66000) double x) {
    short half = Half.of(x);
    float rounded = slowly(half);
    if (Math.abs(x) >= 65520) {
      assertThat(rounded).isInfinite();
      return;
    }
    double error = Math.abs(x - rounded);
    for (int neighbour : new int[] {half - 1, half + 1}) {
      float other = slowly((short) neighbour);
      if (Float.isFinite(other)) {
        double otherError = Math.abs(x - other);
        assertThat(error).isLessThanOrEqualTo(otherError);
        if (error == otherError) {
          assertThat(half & 1).isZero();
        }
      }
    }
  }

  @Test
  void tiesAndOverflow() {
    assertThat(Half.of(2049)).isEqualTo(Half.of(2048));
    assertThat(Half.of(2051)).isEqualTo(Half.of(2052));
    assertThat(Half.of(0x1p-25)).isZero();
    assertThat(Half.of(Math.nextUp(0x1p-25))).isEqualTo((short) 1);
    assertThat(slowly(Half.of(65519.9))).isEqualTo(65504f);
    assertThat(slowly(Half.of(-65520))).isEqualTo(Float.NEGATIVE_INFINITY);
  }
}
