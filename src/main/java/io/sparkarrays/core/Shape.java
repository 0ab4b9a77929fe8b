// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.Serial;
import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The extents of an n-dimensional array in C order, each ≥ 0; rank 0 is a scalar of size 1.
 * Immutable. The size fits a {@code long}: a larger one is refused when the shape is made.
 */
public final class Shape implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final long[] dims;
  private final long size;

  private Shape(long[] dims) {
    this.dims = dims;
    boolean empty = false;
    long product = 1;
    for (long dim : dims) {
      if (dim < 0) {
        throw invalid(dims, "an extent is negative");
      }
      try {
        // Zeros apart, so that any slice of a valid shape is valid too.
        product = dim == 0 ? product : Math.multiplyExact(product, dim);
      } catch (ArithmeticException e) {
        throw invalid(dims, "it has more than 2^63 elements");
      }
      empty |= dim == 0;
    }
    this.size = empty ? 0 : product;
  }

  private static ArrayException invalid(long[] dims, String problem) {
    return new ArrayException(
        ErrorCode.STRUCTURE_INVALID,
        "shape " + Arrays.toString(dims),
        problem,
        "Give every dimension an extent that the array really has");
  }

  /** A shape of these extents, outermost first. */
  public static Shape of(long... dims) {
    return new Shape(dims.clone());
  }

  /**
   * Reads {@code 64,64}: extents separated by commas, with or without brackets and spaces.
   *
   * @throws ArrayException {@code OPTION_INVALID}
   */
  public static Shape parse(String text) {
    String inner = text.strip().replaceAll("^[\\[(]|[\\])]$", "").strip();
    if (inner.endsWith(",")) {
      inner = inner.substring(0, inner.length() - 1);
    }
    try {
      return new Shape(
          inner.isEmpty()
              ? new long[0]
              : Arrays.stream(inner.split(","))
                  .map(String::strip)
                  .mapToLong(Long::parseLong)
                  .toArray());
    } catch (NumberFormatException e) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          "shape '" + text + "'",
          "not a list of extents",
          "Write extents separated by commas, outermost first: 64,64",
          e);
    }
  }

  /** Number of dimensions. */
  public int rank() {
    return dims.length;
  }

  /** Extent of a dimension, 0 being the outermost. */
  public long dim(int axis) {
    return dims[axis];
  }

  /** All extents, outermost first; the caller's to change. */
  public long[] dims() {
    return dims.clone();
  }

  /** Number of elements; 1 for rank 0. */
  public long size() {
    return size;
  }

  /** Dimensions {@code from} (inclusive) to {@code to} (exclusive). */
  public Shape slice(int from, int to) {
    return new Shape(Arrays.copyOfRange(dims, from, to));
  }

  /** This shape's dimensions followed by the other's. */
  public Shape concat(Shape inner) {
    long[] all = Arrays.copyOf(dims, dims.length + inner.dims.length);
    System.arraycopy(inner.dims, 0, all, dims.length, inner.dims.length);
    return new Shape(all);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape that && Arrays.equals(dims, that.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** As numpy prints it: {@code (64, 64)}, {@code (10,)}, {@code ()}. */
  @Override
  public String toString() {
    String inner = Arrays.stream(dims).mapToObj(Long::toString).collect(Collectors.joining(", "));
    return "(" + inner + (dims.length == 1 ? ",)" : ")");
  }
}
