// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Elements of an array that are the product of coordinates along each dimension, in C order. All
 * selections are made of such grids.
 */
final class ElementGrid {

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

  void write(LongTape tape) {
    tape.write(axes.length);
    for (AxisElements axis : axes) {
      axis.write(tape);
    }
  }

  static ElementGrid read(LongTape tape) {
    AxisElements[] axes = new AxisElements[tape.readInt()];
    for (int axis = 0; axis < axes.length; axis++) {
      axes[axis] = AxisElements.read(tape);
    }
    return new ElementGrid(axes);
  }

  /** The elements of a hyperslab. */
  static ElementGrid of(Hyperslab slab) {
    AxisElements[] axes = new AxisElements[slab.shape().rank()];
    for (int axis = 0; axis < axes.length; axis++) {
      long block = slab.block(axis);
      long dim = slab.shape().dim(axis);
      long start = slab.start(axis);
      long stride = block < dim ? slab.coordinate(axis, block) - start : block;
      axes[axis] = AxisElements.blocks(start, stride, block, dim);
    }
    return new ElementGrid(axes);
  }

  /** The same elements as a hyperslab, if they are whole blocks at regular distances. */
  Optional<Hyperslab> asHyperslab() {
    long[][] slab = new long[4][axes.length];
    for (int axis = 0; axis < axes.length; axis++) {
      AxisElements elements = axes[axis];
      long block = size == 0 ? 0 : elements.run(0);
      long count = block == 0 ? 0 : elements.length() / block;
      if (count * block != elements.length() || !elements.isRegular()) {
        return Optional.empty();
      }
      slab[0][axis] = block == 0 ? 0 : elements.first();
      slab[1][axis] = count > 1 ? elements.coordinate(block) - elements.first() : block;
      slab[2][axis] = count;
      slab[3][axis] = block;
    }
    return Optional.of(Hyperslab.of(slab[0], slab[1], slab[2], slab[3]));
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
