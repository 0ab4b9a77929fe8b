// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.reduce;

import io.sparkarrays.core.ElementType;

/** Sums of a frame's elements with weights: by a mask, and by position. Used by one thread. */
public final class FrameMoments {

  private final Pieces pieces = new Pieces();
  private final Pieces weights = new Pieces();

  /**
   * The sum of element × weight in float64. A bool mask selects instead, as {@code
   * frame[mask].sum()} does: what it leaves out plays no part even if it is NaN.
   */
  public double masked(
      ElementType type, ElementMemory frame, ElementType maskType, ElementMemory mask, int size) {
    double sum = 0;
    for (int from = 0; from < size; from += Pieces.LENGTH) {
      int count = Pieces.length(from, size);
      double[] values = pieces.doubles(type, frame, from, count);
      double[] factors = weights.doubles(maskType, mask, from, count);
      sum +=
          maskType == ElementType.BOOL
              ? selected(values, factors, count)
              : products(values, factors, count);
    }
    return sum;
  }

  private static double selected(double[] values, double[] factors, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += factors[i] == 0 ? 0 : values[i];
    }
    return sum;
  }

  private static double products(double[] values, double[] factors, int count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i < count - 3; i += 4) {
      a += values[i] * factors[i];
      b += values[i + 1] * factors[i + 1];
      c += values[i + 2] * factors[i + 2];
      d += values[i + 3] * factors[i + 3];
    }
    for (; i < count; i++) {
      a += values[i] * factors[i];
    }
    return a + b + (c + d);
  }

  /**
   * The centre of mass [y, x] of a frame of height × width elements; NaN where a frame has no mass.
   */
  public double[] centerOfMass(ElementType type, ElementMemory frame, int height, int width) {
    int size = Math.multiplyExact(height, width);
    double mass = 0;
    double vertical = 0;
    double horizontal = 0;
    int row = 0;
    int column = 0;
    for (int from = 0; from < size; from += Pieces.LENGTH) {
      int count = Pieces.length(from, size);
      double[] values = pieces.doubles(type, frame, from, count);
      int i = 0;
      while (i < count) {
        int end = Math.min(count, i + width - column);
        double line = 0;
        double moment = 0;
        for (; i < end; i++, column++) {
          line += values[i];
          moment += values[i] * column;
        }
        mass += line;
        vertical += line * row;
        horizontal += moment;
        if (column == width) {
          column = 0;
          row++;
        }
      }
    }
    return new double[] {vertical / mass, horizontal / mass};
  }
}
