// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.reduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkarrays.core.ElementType;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weighted sums against their definition, for frames whose rows end anywhere in a piece. */
final class FrameMomentsTest {

  private final FrameMoments moments = new FrameMoments();

  @ParameterizedTest
  @CsvSource({"1,1", "1,5000", "5000,1", "3,2048", "2048,3", "2049,3", "77,91", "2,6000"})
  void centreOfMass(int height, int width) {
    double[] frame = new Random(height).doubles((long) height * width, 0, 9).toArray();
    double mass = 0;
    double vertical = 0;
    double horizontal = 0;
    for (int i = 0; i < frame.length; i++) {
      mass += frame[i];
      vertical += frame[i] * (i / width);
      horizontal += frame[i] * (i % width);
    }
    double[] found =
        moments.centerOfMass(ElementType.FLOAT64, new HeldElements(frame), height, width);
    assertThat(found[0]).isCloseTo(vertical / mass, within(1e-11 * height));
    assertThat(found[1]).isCloseTo(horizontal / mass, within(1e-11 * width));
  }

  @Test
  void noMassHasNoCentre() {
    assertThat(moments.centerOfMass(ElementType.INT8, new HeldElements(new byte[6]), 2, 3))
        .containsExactly(Double.NaN, Double.NaN);
    assertThat(moments.centerOfMass(ElementType.INT8, new HeldElements(new byte[0]), 0, 0))
        .containsExactly(Double.NaN, Double.NaN);
  }

  @Test
  void masksWeighOrSelect() {
    HeldElements frame = new HeldElements(new double[] {1, Double.NaN, 4, 8, 16});
    HeldElements mask = new HeldElements(new byte[] {1, 0, 0, 1, 1});
    assertThat(moments.masked(ElementType.FLOAT64, frame, ElementType.BOOL, mask, 5)).isEqualTo(25);
    assertThat(moments.masked(ElementType.FLOAT64, frame, ElementType.INT8, mask, 5)).isNaN();
    HeldElements weights = new HeldElements(new float[] {2, 3, -1, 0.5f, 0});
    HeldElements numbers = new HeldElements(new int[] {1, 2, 4, 8, 16});
    assertThat(moments.masked(ElementType.INT32, numbers, ElementType.FLOAT32, weights, 5))
        .isEqualTo(2 + 6 - 4 + 4);
  }
}
