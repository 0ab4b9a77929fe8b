// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;

/**
 * A column that frames are ordered by, with its direction.
 *
 * @param name the column's name, for people to read
 */
record SortKey(String name, WholeColumn column, boolean ascending) {

  /** Whether a set can be ordered by it in bounded memory. */
  boolean bounded() {
    return column.pieces() <= WholeColumn.MAX_INTERVALS;
  }

  /** Whether no two frames have the same value, so that nothing is left to order. */
  boolean unique() {
    return column instanceof IndexColumn index && index.unique();
  }

  /** The frames of a set that have one of the values {@code [from, to)}, counted in the order. */
  FrameIntervals frames(FrameIntervals set, long from, long to) {
    long extent = column.extent();
    FrameIntervals values =
        ascending ? FrameIntervals.of(from, to) : FrameIntervals.of(extent - to, extent - from);
    return set.intersect(column.frames(values).orElseThrow());
  }

  /** The least number of values of the order whose frames are so many frames of a set. */
  long reach(FrameIntervals set, long frames) {
    long low = 1;
    long high = column.extent();
    while (low < high) {
      long middle = low + (high - low) / 2;
      if (frames(set, 0, middle).count() >= frames) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  @Override
  public String toString() {
    return name + (ascending ? " ASC" : " DESC");
  }
}
