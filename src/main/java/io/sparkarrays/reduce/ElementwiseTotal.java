// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.reduce;

import io.sparkarrays.core.ElementType;
import java.io.Serial;
import java.util.Arrays;

/** The element-wise sum of frames, in float64, and their number. Used by one thread at a time. */
public final class ElementwiseTotal implements ElementwiseState<ElementwiseTotal> {
  @Serial private static final long serialVersionUID = 1L;

  private double[] sums;
  private long frames;
  private transient Pieces pieces;

  /** An empty state. */
  public ElementwiseTotal() {}

  /** The state that was packed. */
  public ElementwiseTotal(Object[] packed) {
    frames = (Long) packed[0];
    sums = (double[]) packed[1];
  }

  @Override
  public Object[] pack() {
    return new Object[] {frames, sums};
  }

  @Serial
  private Object writeReplace() {
    return pack();
  }

  @Override
  public void add(ElementType type, ElementMemory frame, int size) {
    if (sums == null) {
      sums = new double[size];
    }
    ElementwiseState.requireLength(sums.length, size);
    if (pieces == null) {
      pieces = new Pieces();
    }
    for (int from = 0; from < size; from += Pieces.LENGTH) {
      int count = Pieces.length(from, size);
      addTo(sums, from, pieces.doubles(type, frame, from, count), count);
    }
    frames++;
  }

  private static void addTo(double[] sums, int from, double[] piece, int count) {
    for (int i = 0; i < count; i++) {
      sums[from + i] += piece[i];
    }
  }

  @Override
  public ElementwiseTotal merge(ElementwiseTotal other) {
    if (other.frames == 0) {
      return this;
    }
    if (frames == 0) {
      return other;
    }
    ElementwiseState.requireLength(sums.length, other.sums.length);
    addTo(sums, 0, other.sums, sums.length);
    frames += other.frames;
    return this;
  }

  @Override
  public boolean isEmpty() {
    return frames == 0;
  }

  /** The sums. */
  public double[] sums() {
    return sums.clone();
  }

  /** The sums over the number of frames. */
  public double[] means() {
    return Arrays.stream(sums).map(sum -> sum / frames).toArray();
  }
}
