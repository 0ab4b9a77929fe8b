// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.Serial;
import java.io.Serializable;
import java.util.Arrays;
import java.util.StringJoiner;

/** A box of an n-dimensional array: a start and a count of elements along each dimension. */
public final class Hyperslab implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final long[] start;
  private final Shape shape;

  private Hyperslab(long[] start, Shape shape) {
    this.start = start;
    this.shape = shape;
  }

  /** The box that begins at {@code start} and has {@code count} elements along each dimension. */
  public static Hyperslab of(long[] start, long[] count) {
    if (start.length != count.length || Arrays.stream(start).anyMatch(s -> s < 0)) {
      throw new IllegalArgumentException(
          "start " + Arrays.toString(start) + ", count " + Arrays.toString(count));
    }
    return new Hyperslab(start.clone(), Shape.of(count));
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

  /** Whether the box is all of an array. */
  public boolean isAll(Shape array) {
    return shape.equals(array);
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
   * Visits the box in C order as the fewest runs of neighbouring elements of the array.
   *
   * @throws IndexOutOfBoundsException if the box is not inside the array
   */
  public <E extends Exception> void forEachRun(Shape array, RunConsumer<E> consumer) throws E {
    int rank = start.length;
    if (array.rank() != rank) {
      throw new IndexOutOfBoundsException(this + " in " + array);
    }
    for (int axis = 0; axis < rank; axis++) {
      if (start[axis] > array.dim(axis) - shape.dim(axis)) {
        throw new IndexOutOfBoundsException(this + " in " + array);
      }
    }
    if (shape.size() == 0) {
      return;
    }
    // Dimensions inside `outer` are taken whole, so one run spans them all.
    int outer = rank;
    long run = 1;
    while (outer > 0 && (outer == rank || shape.dim(outer) == array.dim(outer))) {
      outer--;
      run *= shape.dim(outer);
    }
    long[] stride = new long[rank];
    long product = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      stride[axis] = product;
      product *= array.dim(axis);
    }
    long offset = 0;
    for (int axis = 0; axis < rank; axis++) {
      offset += start[axis] * stride[axis];
    }
    long[] at = new long[outer];
    while (true) {
      consumer.accept(offset, run);
      int axis = outer - 1;
      while (axis >= 0 && ++at[axis] == shape.dim(axis)) {
        offset -= (shape.dim(axis) - 1) * stride[axis];
        at[axis--] = 0;
      }
      if (axis < 0) {
        return;
      }
      offset += stride[axis];
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hyperslab that
        && Arrays.equals(start, that.start)
        && shape.equals(that.shape);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(start) + shape.hashCode();
  }

  /** As slices: {@code 10:20,30:60}. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(",");
    for (int axis = 0; axis < start.length; axis++) {
      text.add(start[axis] + ":" + (start[axis] + shape.dim(axis)));
    }
    return text.toString();
  }
}
