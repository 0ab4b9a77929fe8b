// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import io.sparkarrays.core.Shape;
import java.util.Arrays;

/**
 * The extents of an array (IV.A.2.b), or that there is none.
 *
 * @param isNull whether there are no elements at all; the shape is then that of a scalar
 * @param shape the current extents
 * @param maxDims the greatest extents, {@link #UNLIMITED} where there is no limit
 */
public record Dataspace(boolean isNull, Shape shape, long[] maxDims) {

  /** A greatest extent without a limit. */
  public static final long UNLIMITED = -1;

  private static final int MAX_RANK = 32;

  static Dataspace read(Fields fields) {
    int version = fields.version(1, 2);
    int rank = fields.u8();
    int flags = fields.u8();
    int kind = fields.u8();
    fields.skip(version == 1 ? 4 : 0);
    if (rank > MAX_RANK) {
      throw fields.damaged("rank " + rank, "at most " + MAX_RANK);
    }
    if (version == 2 && kind == 2) {
      return new Dataspace(true, Shape.of(), new long[0]);
    }
    long[] dims = new long[rank];
    long size = 1;
    for (int axis = 0; axis < rank; axis++) {
      dims[axis] = fields.length();
      if (dims[axis] < 0) {
        throw fields.damaged("a negative extent", "one below 2^63");
      }
      try {
        size = Math.multiplyExact(size, Math.max(1, dims[axis]));
      } catch (ArithmeticException e) {
        throw fields.damaged("extents " + Arrays.toString(dims), "less than 2^63 elements");
      }
    }
    long[] max = dims.clone();
    if ((flags & 1) != 0) {
      for (int axis = 0; axis < rank; axis++) {
        max[axis] = fields.length();
        if (max[axis] != UNLIMITED && max[axis] < dims[axis]) {
          throw fields.damaged(
              "a greatest extent of " + max[axis], "not less than the extent " + dims[axis]);
        }
      }
    }
    return new Dataspace(false, Shape.of(dims), max);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Dataspace that
        && isNull == that.isNull
        && shape.equals(that.shape)
        && Arrays.equals(maxDims, that.maxDims);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(maxDims);
  }

  @Override
  public String toString() {
    return isNull ? "null" : shape + ", at most " + Arrays.toString(maxDims);
  }
}
