// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.Shape;
import java.io.IOException;

/** A run of frames of a scan as the fewest boxes that hold them in their order. */
final class ScanBoxes {

  /** Takes a box of frames. */
  @FunctionalInterface
  interface BoxConsumer {
    /**
     * @param start the box's first corner, valid during the call
     * @param count its extents, valid during the call
     */
    void accept(long[] start, long[] count) throws IOException;
  }

  private ScanBoxes() {}

  /** Visits the boxes of frames {@code [from, to)} in order. */
  static void forEach(Shape scan, long from, long to, BoxConsumer consumer) throws IOException {
    int rank = scan.rank();
    long[] start = new long[rank];
    long[] count = new long[rank];
    if (rank == 0) {
      consumer.accept(start, count);
      return;
    }
    long at = from;
    while (at < to) {
      // The outermost dimension along which whole inner ones fit and begin here.
      int axis = rank - 1;
      long stride = 1;
      while (axis > 0) {
        long wider = stride * scan.dim(axis);
        if (at % wider != 0 || to - at < wider) {
          break;
        }
        stride = wider;
        axis--;
      }
      long rest = at;
      for (int i = rank - 1; i >= 0; i--) {
        start[i] = rest % scan.dim(i);
        rest /= scan.dim(i);
        count[i] = i > axis ? scan.dim(i) : 1;
      }
      count[axis] = Math.min((to - at) / stride, scan.dim(axis) - start[axis]);
      consumer.accept(start, count);
      at += count[axis] * stride;
    }
  }
}
