// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.Shape;

/** Takes runs of frames apart into boxes of the scan, as few as can be. */
final class RunBoxes {

  /** Takes a box. */
  @FunctionalInterface
  interface Consumer {
    /**
     * Takes one; the arrays are new.
     *
     * @param start its first position
     * @param count its extents
     * @param first the frame at its first position
     * @param frames how many it has
     */
    void box(long[] start, long[] count, long first, long frames);
  }

  private RunBoxes() {}

  /** The boxes of the frames {@code from} (inclusive) to {@code to} (exclusive), in their order. */
  static void forEach(Shape scan, long from, long to, Consumer consumer) {
    if (from < to) {
      cut(scan, 0, new long[scan.rank()], from, from, to, consumer);
    }
  }

  /**
   * @param axis positions along the ones before are in {@code start}
   * @param frame the index of the frame at {@code from}
   */
  private static void cut(
      Shape scan, int axis, long[] start, long frame, long from, long to, Consumer consumer) {
    long inner = scan.slice(axis + 1, scan.rank()).size();
    long first = from / inner;
    long head = from % inner;
    long at = from;
    if (head > 0) {
      long end = Math.min(to, (first + 1) * inner);
      start[axis] = first;
      cut(scan, axis + 1, start, frame, head, end - first * inner, consumer);
      at = end;
    }
    long whole = to / inner;
    if (at < to && whole > at / inner) {
      long[] box = start.clone();
      long[] count = new long[box.length];
      java.util.Arrays.fill(count, 0, axis, 1);
      box[axis] = at / inner;
      count[axis] = whole - box[axis];
      for (int i = axis + 1; i < box.length; i++) {
        box[i] = 0;
        count[i] = scan.dim(i);
      }
      consumer.box(box, count, frame + at - from, count[axis] * inner);
      at = whole * inner;
    }
    if (at < to) {
      start[axis] = whole;
      cut(scan, axis + 1, start, frame + at - from, 0, to - at, consumer);
    }
  }
}
