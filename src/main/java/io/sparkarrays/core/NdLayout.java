// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Where the elements of an n-dimensional array lie in a line.
 *
 * @param shape the extents
 * @param strides places from an element to its neighbour along each dimension
 * @param first the place of the first element
 */
record NdLayout(Shape shape, long[] strides, long first) {

  /** C order from the beginning of the line. */
  static NdLayout dense(Shape shape) {
    long[] strides = new long[shape.rank()];
    long step = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = step;
      step *= shape.dim(axis);
    }
    return new NdLayout(shape, strides, 0);
  }

  /** Whether from a dimension on the elements lie side by side in C order. */
  boolean isDense(int axis) {
    long step = 1;
    for (int inner = shape.rank() - 1; inner >= axis; inner--) {
      if (shape.dim(inner) != 1 && strides[inner] != step) {
        return false;
      }
      step *= shape.dim(inner);
    }
    return true;
  }

  /** The place of an element. */
  long place(long... index) {
    if (index.length != shape.rank()) {
      throw new IndexOutOfBoundsException(Arrays.toString(index) + " in " + shape);
    }
    long at = first;
    for (int axis = 0; axis < index.length; axis++) {
      at += Objects.checkIndex(index[axis], shape.dim(axis)) * strides[axis];
    }
    return at;
  }

  /** The part that evenly spaced positions of each dimension make. */
  NdLayout part(List<Index.Resolved> positions) {
    long from = first;
    List<Long> dims = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      Index.Resolved found = positions.get(axis);
      from += found.start() * strides[axis];
      if (!found.single()) {
        dims.add(found.count());
        steps.add(found.step() * strides[axis]);
      }
    }
    return new NdLayout(Shape.of(longs(dims)), longs(steps), from);
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  NdLayout transpose(int... axes) {
    long[] dims = new long[axes.length];
    long[] steps = new long[axes.length];
    for (int i = 0; i < axes.length; i++) {
      dims[i] = shape.dim(axes[i]);
      steps[i] = strides[axes[i]];
    }
    return new NdLayout(Shape.of(dims), steps, first);
  }

  /** The elements repeated to a larger shape, as numpy does it in assignments. */
  NdLayout broadcast(Shape wanted) {
    int ahead = wanted.rank() - shape.rank();
    if (ahead < 0 && shape.dim(0) == 1) {
      int rank = shape.rank();
      long[] inner = Arrays.copyOfRange(strides, 1, rank);
      return new NdLayout(shape.slice(1, rank), inner, first).broadcast(wanted);
    }
    long[] steps = new long[wanted.rank()];
    boolean fits = ahead >= 0;
    for (int axis = 0; fits && axis < shape.rank(); axis++) {
      long dim = shape.dim(axis);
      fits = dim == wanted.dim(ahead + axis) || dim == 1;
      steps[ahead + axis] = dim == wanted.dim(ahead + axis) ? strides[axis] : 0;
    }
    if (!fits) {
      throw new IllegalArgumentException("shape " + shape + " does not fit into " + wanted);
    }
    return new NdLayout(wanted, steps, first);
  }

  /** Takes elements that have the same index in two layouts of one shape. */
  interface Run {
    /**
     * @param here the place in this layout
     * @param there the place in the other
     * @param length how many lie side by side in both
     */
    void accept(long here, long there, long length);
  }

  /** Visits all elements in C order, in runs as long as they come or one by one. */
  void walk(NdLayout other, boolean inRuns, Run run) {
    if (shape.size() > 0) {
      walk(other, 0, first, other.first, inRuns, run);
    }
  }

  private void walk(NdLayout other, int axis, long here, long there, boolean inRuns, Run run) {
    if (axis == shape.rank()) {
      run.accept(here, there, 1);
    } else if (inRuns && isDense(axis) && other.isDense(axis)) {
      run.accept(here, there, shape.slice(axis, shape.rank()).size());
    } else {
      for (long i = 0; i < shape.dim(axis); i++) {
        long at = here + i * strides[axis];
        walk(other, axis + 1, at, there + i * other.strides[axis], inRuns, run);
      }
    }
  }
}
