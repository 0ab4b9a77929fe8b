// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.core.Shape;

/** Where the point of an index lies in a scan: by rows, or by rows that turn at their ends. */
public final class ScanPosition {

  private ScanPosition() {}

  /**
   * The position in a scan that goes through every row in the same direction: C order.
   *
   * @throws IndexOutOfBoundsException if the scan has no such point
   */
  public static long[] raster(long index, Shape scan) {
    if (index < 0 || index >= scan.size()) {
      throw new IndexOutOfBoundsException("scan point " + index + " of a scan of shape " + scan);
    }
    long[] position = new long[scan.rank()];
    long left = index;
    for (int axis = position.length - 1; axis >= 0; axis--) {
      position[axis] = left % scan.dim(axis);
      left /= scan.dim(axis);
    }
    return position;
  }

  /**
   * The position in a scan that turns at the end of every row, plane and so on: neighbours in time
   * are neighbours in space.
   *
   * @throws IndexOutOfBoundsException if the scan has no such point
   */
  public static long[] snake(long index, Shape scan) {
    long[] position = raster(index, scan);
    // A dimension runs backwards where the ones before have made an odd number of steps.
    long steps = 0;
    for (int axis = 0; axis < position.length; axis++) {
      if (steps % 2 == 1) {
        position[axis] = scan.dim(axis) - 1 - position[axis];
      }
      steps += position[axis];
    }
    return position;
  }

  /** Whether the row that a point of a snake scan lies in was scanned backwards. */
  public static boolean isReversedRow(long index, Shape scan) {
    long[] position = snake(index, scan);
    long steps = 0;
    for (int axis = 0; axis < position.length - 1; axis++) {
      steps += position[axis];
    }
    return steps % 2 == 1;
  }
}
