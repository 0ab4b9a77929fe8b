// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.Serial;
import java.io.Serializable;
import java.util.Arrays;
import java.util.StringJoiner;

/**
 * A part of an n-dimensional array, as HDF5 defines it: along each dimension, {@code count} blocks
 * of {@code block} elements, {@code stride} elements apart. A box is one block along each.
 */
public final class Hyperslab implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final long[] start;
  private final long[] stride;
  private final long[] block;
  private final Shape shape;

  private Hyperslab(long[] start, long[] stride, long[] block, Shape shape) {
    this.start = start;
    this.stride = stride;
    this.block = block;
    this.shape = shape;
  }

  /** One block along each dimension. */
  private Hyperslab(long[] start, Shape shape) {
    this(start, shape.dims(), shape.dims(), shape);
  }

  /** The box that begins at {@code start} and has {@code count} elements along each dimension. */
  public static Hyperslab of(long[] start, long[] count) {
    if (start.length != count.length || Arrays.stream(start).anyMatch(s -> s < 0)) {
      throw new IllegalArgumentException(
          "start " + Arrays.toString(start) + ", count " + Arrays.toString(count));
    }
    return new Hyperslab(start.clone(), Shape.of(count));
  }

  /**
   * {@code count} blocks of {@code block} elements along each dimension, {@code stride} elements
   * from the start of one to the start of the next; blocks must not overlap.
   */
  public static Hyperslab of(long[] start, long[] stride, long[] count, long[] block) {
    int rank = start.length;
    if (stride.length != rank || count.length != rank || block.length != rank) {
      throw new IllegalArgumentException("start, stride, count and block differ in rank");
    }
    long[] steps = new long[rank];
    long[] blocks = new long[rank];
    long[] dims = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      long size = block[axis];
      boolean negative = start[axis] < 0 || count[axis] < 0 || size < 0;
      boolean overlap = count[axis] > 1 && (stride[axis] < size || size == 0);
      if (negative || overlap) {
        throw new IllegalArgumentException(
            String.format(
                "dimension %d: start %d, stride %d, count %d, block %d",
                axis, start[axis], stride[axis], count[axis], size));
      }
      dims[axis] = Math.multiplyExact(count[axis], size);
      // Blocks without a gap are one block.
      boolean whole = count[axis] <= 1 || stride[axis] == size;
      blocks[axis] = whole ? dims[axis] : size;
      steps[axis] = whole ? dims[axis] : stride[axis];
    }
    return new Hyperslab(start.clone(), steps, blocks, Shape.of(dims));
  }

  /** The whole of an array. */
  public static Hyperslab all(Shape array) {
    return new Hyperslab(new long[array.rank()], array);
  }

  /**
   * Reads {@code 10:20,30:60}: a Python slice for each dimension of the array; {@code :} is a whole
   * dimension, either side may be left out, a single number is that one element's slice.
   *
   * @throws ArrayException {@code OPTION_INVALID} if it is no box inside the array
   */
  public static Hyperslab parse(String text, Shape array) {
    String[] parts = text.split(",", -1);
    if (parts.length != array.rank()) {
      throw invalid(text, array, "it has " + parts.length + " slices");
    }
    long[] start = new long[parts.length];
    long[] count = new long[parts.length];
    for (int axis = 0; axis < parts.length; axis++) {
      String[] ends = parts[axis].split(":", -1);
      long to;
      try {
        start[axis] = ends[0].isBlank() ? 0 : Long.parseLong(ends[0].strip());
        to =
            switch (ends.length) {
              case 1 -> Math.addExact(Long.parseLong(ends[0].strip()), 1);
              case 2 -> ends[1].isBlank() ? array.dim(axis) : Long.parseLong(ends[1].strip());
              default -> throw new NumberFormatException("more than one colon");
            };
      } catch (NumberFormatException | ArithmeticException e) {
        throw invalid(text, array, "'" + parts[axis].strip() + "' is not a slice from:to");
      }
      if (start[axis] < 0 || to > array.dim(axis) || to <= start[axis]) {
        throw invalid(
            text, array, "'" + parts[axis].strip() + "' is empty or outside dimension " + axis);
      }
      count[axis] = to - start[axis];
    }
    return new Hyperslab(start, Shape.of(count));
  }

  private static ArrayException invalid(String text, Shape array, String problem) {
    return new ArrayException(
        ErrorCode.OPTION_INVALID,
        "region '" + text + "'",
        problem + ", but the frame's shape is " + array,
        "Give one non-empty slice a dimension, such as 10:20,30:60");
  }

  /** First element along a dimension. */
  public long start(int axis) {
    return start[axis];
  }

  /** Elements along each dimension. */
  public Shape shape() {
    return shape;
  }

  /** Elements that lie side by side along a dimension before the next gap. */
  public long block(int axis) {
    return block[axis];
  }

  /** The coordinate of the element of an index along a dimension of the shape. */
  public long coordinate(int axis, long index) {
    long size = block[axis];
    return start[axis] + (index < size ? index : index / size * stride[axis] + index % size);
  }

  /** The first index along a dimension whose coordinate is not less than the given one. */
  public long indexFrom(int axis, long coordinate) {
    long ahead = coordinate - start[axis];
    if (ahead <= 0 || block[axis] == 0) {
      return 0;
    }
    long number = ahead / stride[axis];
    long index = number * block[axis] + Math.min(block[axis], ahead % stride[axis]);
    return Math.min(shape.dim(axis), index);
  }

  /** Whether the slab is a box: no gaps. */
  public boolean isBox() {
    return Arrays.equals(block, shape.dims());
  }

  /** Whether the slab is all of an array. */
  public boolean isAll(Shape array) {
    return shape.equals(array);
  }

  /**
   * Checks that the slab lies inside an array.
   *
   * @throws IndexOutOfBoundsException if it does not
   */
  public void checkInside(Shape array) {
    boolean inside = array.rank() == start.length;
    for (int axis = 0; inside && axis < start.length; axis++) {
      long dim = shape.dim(axis);
      long last = dim == 0 ? start[axis] : coordinate(axis, dim - 1) + 1;
      // Past Long.MAX_VALUE it is negative.
      inside = last >= 0 && last <= array.dim(axis);
    }
    if (!inside) {
      throw new IndexOutOfBoundsException(this + " in " + array);
    }
  }

  /** Takes a run of elements that lie side by side in the array's C order. */
  @FunctionalInterface
  public interface RunConsumer<E extends Exception> {
    /**
     * @param offset the run's first element, counted from the array's first
     * @param length its number of elements
     */
    void accept(long offset, long length) throws E;
  }

  /**
   * Visits the slab in C order as the fewest runs of neighbouring elements of the array.
   *
   * @throws IndexOutOfBoundsException if the slab is not inside the array
   */
  public <E extends Exception> void forEachRun(Shape array, RunConsumer<E> consumer) throws E {
    checkInside(array);
    int rank = start.length;
    if (shape.size() == 0) {
      return;
    }
    // Dimensions inside `outer` are taken whole, so one run spans them all; one with gaps is not.
    int outer = rank;
    long run = 1;
    while (outer > 0 && (outer == rank || shape.dim(outer) == array.dim(outer))) {
      outer--;
      run *= block[outer];
      if (block[outer] != shape.dim(outer)) {
        break;
      }
    }
    int gaps = outer < rank && block[outer] != shape.dim(outer) ? 1 : 0;
    long[] step = new long[rank];
    long product = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      step[axis] = product;
      product *= array.dim(axis);
    }
    runs(step, outer + gaps, outer, run, consumer);
  }

  /** Visits runs by counting up the outer dimensions, of which the one at {@code gap} has gaps. */
  private <E extends Exception> void runs(
      long[] step, int outer, int gap, long run, RunConsumer<E> consumer) throws E {
    long base = 0;
    for (int axis = outer; axis < start.length; axis++) {
      base += start[axis] * step[axis];
    }
    long[] at = new long[outer];
    while (true) {
      long offset = base;
      for (int axis = 0; axis < outer; axis++) {
        offset += coordinate(axis, at[axis]) * step[axis];
      }
      consumer.accept(offset, run);
      int axis = outer - 1;
      while (axis >= 0 && (at[axis] += axis == gap ? block[axis] : 1) == shape.dim(axis)) {
        at[axis--] = 0;
      }
      if (axis < 0) {
        return;
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hyperslab that
        && Arrays.equals(start, that.start)
        && Arrays.equals(stride, that.stride)
        && Arrays.equals(block, that.block)
        && shape.equals(that.shape);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(start) + shape.hashCode();
  }

  /** As slices: {@code 10:20,30:60}; with gaps {@code 10:40:10/3}, blocks of 3 10 apart. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(",");
    for (int axis = 0; axis < start.length; axis++) {
      long size = shape.dim(axis);
      boolean gaps = block[axis] != size;
      long end = size == 0 ? start[axis] : coordinate(axis, size - 1) + 1;
      text.add(start[axis] + ":" + end + (gaps ? ":" + stride[axis] + "/" + block[axis] : ""));
    }
    return text.toString();
  }
}
