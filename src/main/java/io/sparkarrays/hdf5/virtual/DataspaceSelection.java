// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import java.util.Arrays;

/** Elements of an array as a file describes them, independent of the array's extents. */
public sealed interface DataspaceSelection {

  /** A count or block without a limit: as far as the array reaches. */
  long UNLIMITED = -1;

  /** No elements. */
  record None() implements DataspaceSelection {}

  /** All elements, however many the array has. */
  record All() implements DataspaceSelection {}

  /** Single elements: {@code rank} coordinates of each, one after another. */
  record Points(int rank, long[] coordinates) implements DataspaceSelection {
    @Override
    public boolean equals(Object other) {
      return other instanceof Points that
          && rank == that.rank
          && Arrays.equals(coordinates, that.coordinates);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(coordinates);
    }

    @Override
    public String toString() {
      return "points " + Arrays.toString(coordinates);
    }
  }

  /** Blocks at regular distances; one dimension's count or block may be {@link #UNLIMITED}. */
  record Regular(long[] start, long[] stride, long[] count, long[] block)
      implements DataspaceSelection {
    public int rank() {
      return start.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Regular that
          && Arrays.equals(start, that.start)
          && Arrays.equals(stride, that.stride)
          && Arrays.equals(count, that.count)
          && Arrays.equals(block, that.block);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(start) + Arrays.hashCode(count);
    }

    @Override
    public String toString() {
      return "start "
          + Arrays.toString(start)
          + " stride "
          + Arrays.toString(stride)
          + " count "
          + Arrays.toString(count)
          + " block "
          + Arrays.toString(block);
    }
  }

  /**
   * The union of boxes, in any order: {@code rank} coordinates of the first element of each, then
   * of the last.
   */
  record Blocks(int rank, long[] corners) implements DataspaceSelection {
    public int count() {
      return corners.length / (2 * rank);
    }

    /** First element of a block along a dimension. */
    public long first(int block, int axis) {
      return corners[2 * rank * block + axis];
    }

    /** Last element of a block along a dimension, which is inside. */
    public long last(int block, int axis) {
      return corners[2 * rank * block + rank + axis];
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Blocks that
          && rank == that.rank
          && Arrays.equals(corners, that.corners);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(corners);
    }

    @Override
    public String toString() {
      return "blocks " + Arrays.toString(corners);
    }
  }
}
