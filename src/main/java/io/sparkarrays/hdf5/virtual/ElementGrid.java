// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.core.Shape;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Elements of an array that are the product of coordinates along each dimension, in C order. All
 * selections are made of such grids.
 */
final class ElementGrid implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final AxisElements[] axes;
  private final long size;

  /**
   * @throws ArithmeticException if there are 2^63 elements or more
   */
  ElementGrid(AxisElements... axes) {
    this.axes = axes;
    long product = 1;
    for (AxisElements axis : axes) {
      product = Math.multiplyExact(product, axis.length());
    }
    this.size = product;
  }

  /** All of an array. */
  static ElementGrid all(Shape shape) {
    AxisElements[] axes = new AxisElements[shape.rank()];
    Arrays.setAll(axes, axis -> AxisElements.range(0, shape.dim(axis)));
    return new ElementGrid(axes);
  }

  int rank() {
    return axes.length;
  }

  AxisElements axis(int axis) {
    return axes[axis];
  }

  long size() {
    return size;
  }

  /** Whether all elements are inside an array of a rank and extents. */
  boolean isInside(Shape shape) {
    if (shape.rank() != axes.length) {
      return false;
    }
    for (int axis = 0; axis < axes.length; axis++) {
      if (size > 0 && axes[axis].end() > shape.dim(axis)) {
        return false;
      }
    }
    return true;
  }

  /** Whether no element is known to be of the other too; errs to false. */
  boolean isApart(ElementGrid other) {
    for (int axis = 0; axis < axes.length; axis++) {
      if (axes[axis].isApart(other.axes[axis])) {
        return true;
      }
    }
    return false;
  }

  /** Some dimensions only. */
  ElementGrid pick(int... chosen) {
    AxisElements[] picked = new AxisElements[chosen.length];
    Arrays.setAll(picked, i -> axes[chosen[i]]);
    return new ElementGrid(picked);
  }

  /**
   * The elements {@code from} (inclusive) to {@code to} (exclusive) of the C order, as the fewest
   * grids that hold them one after another.
   */
  List<ElementGrid> part(long from, long to) {
    List<ElementGrid> parts = new ArrayList<>(1);
    part(from, to, 0, axes.clone(), parts);
    return parts;
  }

  private void part(long from, long to, int axis, AxisElements[] cut, List<ElementGrid> parts) {
    long inner = 1;
    for (int i = axis + 1; i < axes.length; i++) {
      inner *= axes[i].length();
    }
    if (to <= from) {
      return;
    } else if (axis == axes.length || (from == 0 && to == inner * axes[axis].length())) {
      parts.add(new ElementGrid(cut.clone()));
      return;
    }
    long first = from / inner;
    long last = (to - 1) / inner;
    long head = from % inner;
    long tail = to - last * inner;
    if (first == last) {
      row(first, head, tail, axis, cut, parts);
      return;
    }
    if (head > 0) {
      row(first, head, inner, axis, cut, parts);
      first++;
    }
    long whole = tail == inner ? last + 1 : last;
    if (whole > first) {
      cut[axis] = axes[axis].part(first, whole);
      parts.add(new ElementGrid(cut.clone()));
    }
    if (tail < inner) {
      row(last, 0, tail, axis, cut, parts);
    }
    cut[axis] = axes[axis];
  }

  private void row(
      long index, long from, long to, int axis, AxisElements[] cut, List<ElementGrid> parts) {
    cut[axis] = axes[axis].part(index, index + 1);
    part(from, to, axis + 1, cut, parts);
    cut[axis] = axes[axis];
  }

  /** As slices. */
  @Override
  public String toString() {
    return Arrays.toString(axes);
  }
}
