// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.reduce;

import io.sparkarrays.core.ElementType;
import java.io.Serial;
import java.util.Arrays;

/**
 * The element-wise greatest of frames; NaN wherever one of them has NaN. Used by one thread at a
 * time.
 */
public final class ElementwiseMaximum implements ElementwiseState<ElementwiseMaximum> {
  @Serial private static final long serialVersionUID = 1L;

  private ElementType type;
  private double[] doubles;
  private long[] longs;
  private transient Pieces pieces;

  /** An empty state. */
  public ElementwiseMaximum() {}

  /** The state that was packed. */
  public ElementwiseMaximum(Object[] packed) {
    type = packed[0] == null ? null : ElementType.valueOf((String) packed[0]);
    doubles = (double[]) packed[1];
    longs = (long[]) packed[2];
  }

  @Override
  public Object[] pack() {
    return new Object[] {type == null ? null : type.name(), doubles, longs};
  }

  @Serial
  private Object writeReplace() {
    return pack();
  }

  @Override
  public void add(ElementType elements, ElementMemory frame, int size) {
    boolean integral = Pieces.integral(elements);
    if (isEmpty()) {
      type = elements;
      doubles = integral ? null : new double[size];
      longs = integral ? new long[size] : null;
      fillWithLeast();
    }
    requireSame(elements, size);
    if (pieces == null) {
      pieces = new Pieces();
    }
    for (int from = 0; from < size; from += Pieces.LENGTH) {
      int count = Pieces.length(from, size);
      if (integral) {
        raise(longs, from, pieces.ordered(elements, frame, from, count), count);
      } else {
        raise(doubles, from, pieces.doubles(elements, frame, from, count), count);
      }
    }
  }

  private void fillWithLeast() {
    if (longs != null) {
      Arrays.fill(longs, Long.MIN_VALUE);
    } else {
      Arrays.fill(doubles, Double.NEGATIVE_INFINITY);
    }
  }

  private static void raise(double[] highest, int from, double[] piece, int count) {
    for (int i = 0; i < count; i++) {
      highest[from + i] = Math.max(highest[from + i], piece[i]);
    }
  }

  private static void raise(long[] highest, int from, long[] piece, int count) {
    for (int i = 0; i < count; i++) {
      highest[from + i] = Math.max(highest[from + i], piece[i]);
    }
  }

  private void requireSame(ElementType elements, int size) {
    ElementwiseState.requireLength(longs != null ? longs.length : doubles.length, size);
    ElementwiseState.requireType(type, elements);
  }

  @Override
  public ElementwiseMaximum merge(ElementwiseMaximum other) {
    if (other.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    requireSame(other.type, other.longs != null ? other.longs.length : other.doubles.length);
    if (longs != null) {
      raise(longs, 0, other.longs, longs.length);
    } else {
      raise(doubles, 0, other.doubles, doubles.length);
    }
    return this;
  }

  @Override
  public boolean isEmpty() {
    return type == null;
  }

  /** Whether elements are whole numbers. */
  public boolean integral() {
    return longs != null;
  }

  /** The greatest whole numbers, of uint64 their bits; only if {@link #integral()}. */
  public long[] longs() {
    long[] numbers = new long[longs.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Pieces.unordered(type, longs[i]);
    }
    return numbers;
  }

  /** The greatest elements as doubles, of whatever type. */
  public double[] doubles() {
    if (longs == null) {
      return doubles.clone();
    }
    double[] numbers = new double[longs.length];
    for (int i = 0; i < numbers.length; i++) {
      long number = Pieces.unordered(type, longs[i]);
      numbers[i] = type == ElementType.UINT64 ? Pieces.unsigned(number) : number;
    }
    return numbers;
  }
}
