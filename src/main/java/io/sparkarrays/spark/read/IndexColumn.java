// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.FrameLayout;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.source.Scans;
import java.util.Optional;

/** A column that says where in its scan a frame is: its index or a coordinate. */
interface IndexColumn extends WholeColumn {

  /** The index column that a column is, if it is one. */
  static Optional<IndexColumn> of(ReadColumn column, Scans scans) {
    if (column instanceof ReadColumn.FrameIndex || column instanceof ReadColumn.ScanCoordinate) {
      return Optional.of(
          scans.count() == 1
              ? coordinate(column, scans.shape(0))
              : new CoordinateInScans(scans, scan -> coordinate(column, scan)));
    }
    return Optional.empty();
  }

  private static Coordinate coordinate(ReadColumn column, Shape scan) {
    if (column instanceof ReadColumn.ScanCoordinate c) {
      FrameLayout layout = new FrameLayout(scan, Shape.of());
      return new Coordinate(scan.size(), scan.dim(c.axis()), layout.stride(c.axis()));
    }
    return new Coordinate(scan.size(), scan.size(), 1);
  }

  /** Whether no two frames have the same value. */
  boolean unique();

  /** The least value of the frames of a set that isn't empty. */
  long least(FrameIntervals set);

  /** The largest value of the frames of a set that isn't empty. */
  long most(FrameIntervals set);
}
