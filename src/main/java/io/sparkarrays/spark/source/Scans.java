// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Shape;
import java.io.Serial;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * The scans whose frames are a table's rows: one for most data sets, else one a file. Their frames
 * follow each other as rows, while {@code frame_index} and the coordinates begin anew in each.
 */
public final class Scans implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final Shape[] shapes;

  /** The first row of each scan, and at the end the number of rows. */
  private final long[] firsts;

  private Scans(Shape[] shapes) {
    this.shapes = shapes;
    this.firsts = new long[shapes.length + 1];
    for (int i = 0; i < shapes.length; i++) {
      firsts[i + 1] = Math.addExact(firsts[i], shapes[i].size());
    }
  }

  /** One scan. */
  public static Scans of(Shape scan) {
    return new Scans(new Shape[] {scan});
  }

  /** Several scans of one rank, in the order of their rows. */
  public static Scans of(List<Shape> scans) {
    Shape[] shapes = scans.toArray(Shape[]::new);
    for (int i = 1; i < shapes.length; i++) {
      if (shapes[i].rank() != shapes[0].rank()) {
        throw new IllegalArgumentException("scans " + shapes[0] + " and " + shapes[i]);
      }
      // Equal shapes are one object, also when they are sent to tasks.
      shapes[i] = shapes[i].equals(shapes[i - 1]) ? shapes[i - 1] : shapes[i];
    }
    return new Scans(shapes);
  }

  /** Number of scans. */
  public int count() {
    return shapes.length;
  }

  /** Number of rows. */
  public long rows() {
    return firsts[shapes.length];
  }

  /** All rows. */
  public FrameIntervals all() {
    return FrameIntervals.of(0, rows());
  }

  /** A scan's shape. */
  public Shape shape(int scan) {
    return shapes[scan];
  }

  /** The row of a scan's first frame. */
  public long first(int scan) {
    return firsts[scan];
  }

  /** The scan that has a row. */
  public int at(long row) {
    if (row < 0 || row >= rows()) {
      throw new IndexOutOfBoundsException("row " + row + " of " + rows());
    }
    int low = 0;
    int high = shapes.length - 1;
    // The last that begins there or before: those before it that do too are empty.
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (firsts[middle] <= row) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** The rows of a set that are of a scan, counted from its first. */
  public FrameIntervals within(FrameIntervals rows, int scan) {
    return shapes.length == 1
        ? rows
        : rows.within(firsts[scan], firsts[scan + 1]).shifted(-firsts[scan]);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Scans that && Arrays.equals(shapes, that.shapes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(shapes);
  }

  @Override
  public String toString() {
    return shapes.length == 1 ? shapes[0].toString() : shapes.length + " scans";
  }
}
