// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import java.util.Arrays;
import java.util.List;

/** Checks that data sets are of one scan: their extents must number its points alike. */
final class ScanShapes {

  private ScanShapes() {}

  /** The rank that all keys must have. */
  static int rank(List<KeySource> keys) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("no key data set");
    }
    int rank = keys.get(0).maxshape().length;
    for (KeySource key : keys) {
      requireRank(rank, key.maxshape().length, key);
    }
    return rank;
  }

  static void requireRank(int expected, int found, Object where) {
    if (found != expected) {
      throw new ArrayException(
          ErrorCode.SCAN_SHAPES_DIFFER,
          where,
          "its scan has rank " + found + ", expected " + expected,
          "Give data sets of one scan; trailing dimensions of extent 1 don't count in keys");
    }
  }

  /**
   * The greatest extents that all keys can have.
   *
   * @throws ArrayException {@code SCAN_SHAPES_DIFFER} if inner extents can never be the same
   */
  static long[] maxshape(List<KeySource> keys) {
    long[] all = keys.get(0).maxshape();
    for (KeySource key : keys) {
      long[] max = key.maxshape();
      for (int axis = 0; axis < all.length; axis++) {
        if (axis > 0 && all[axis] >= 0 && max[axis] >= 0 && all[axis] != max[axis]) {
          throw new ArrayException(
              ErrorCode.SCAN_SHAPES_DIFFER,
              key,
              "a scan of at most " + Arrays.toString(max) + ", another is " + Arrays.toString(all),
              "Only the first extents of key data sets may differ: others number the points");
        }
        all[axis] =
            all[axis] < 0 || (max[axis] >= 0 && max[axis] < all[axis]) ? max[axis] : all[axis];
      }
    }
    return all;
  }

  /**
   * The scan that all keys have now, as far as the shortest one goes; of no extent while their
   * inner extents differ, as those of writers that extend them one after another do.
   */
  static Shape common(List<KeySource> keys) {
    Shape first = keys.get(0).scan();
    long[] dims = first.dims();
    for (KeySource key : keys) {
      long[] other = key.scan().dims();
      if (!Arrays.equals(inner(dims), inner(other))) {
        return Shape.of(new long[dims.length]);
      }
      if (dims.length > 0) {
        dims[0] = Math.min(dims[0], other[0]);
      }
    }
    return Shape.of(dims);
  }

  private static long[] inner(long[] dims) {
    return Arrays.copyOfRange(dims, Math.min(1, dims.length), dims.length);
  }

  /**
   * Checks that frames which were numbered by one shape have the same numbers in another.
   *
   * @throws ArrayException {@code SCAN_CHANGED}
   */
  static void requireSameNumbers(Shape before, Shape now, Object where) {
    if (!Arrays.equals(inner(before.dims()), inner(now.dims()))) {
      throw new ArrayException(
          ErrorCode.SCAN_CHANGED,
          where,
          "the scan's shape was " + before + " and is " + now + ", so its points have new numbers",
          "Only the first extent may change while a scan is followed: begin it anew");
    }
  }
}
