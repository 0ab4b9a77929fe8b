// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.FrameLayout;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.source.Scans;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.colstats.ColumnStatistics;

/** What is known of a scan's rows before they are read: all of it exact, counted not estimated. */
final class ScanStatistics implements Statistics {

  /** Distinct coordinates of a set of more intervals than this are not counted. */
  private static final int MAX_INTERVALS = 1 << 16;

  private final ScanPlan plan;
  private final Scans scans;
  private final FrameIntervals rows;

  /**
   * @param rows the frames that the scan gives
   */
  ScanStatistics(ScanPlan plan, Scans scans, FrameIntervals rows) {
    this.plan = plan;
    this.scans = scans;
    this.rows = rows;
  }

  @Override
  public OptionalLong numRows() {
    return OptionalLong.of(rows.count());
  }

  @Override
  public OptionalLong sizeInBytes() {
    // A sidecar may claim more frames than there are bytes in a long.
    long most = Long.MAX_VALUE / Math.max(1, plan.rowBytes());
    return OptionalLong.of(rows.count() > most ? Long.MAX_VALUE : rows.count() * plan.rowBytes());
  }

  @Override
  public Map<NamedReference, ColumnStatistics> columnStats() {
    Map<NamedReference, ColumnStatistics> columns = new HashMap<>();
    for (ReadColumn column : plan.columns()) {
      Optional<FrameIntervals> values = Optional.empty();
      if (rows.size() <= MAX_INTERVALS) {
        if (column instanceof ReadColumn.FrameIndex) {
          values = Optional.of(inAllScans((scan, inside) -> inside));
        } else if (column instanceof ReadColumn.ScanCoordinate coordinate) {
          values = Optional.of(inAllScans((scan, in) -> coordinates(scan, in, coordinate.axis())));
        }
      }
      columns.put(column.reference(), new Known(values, column.field().nullable()));
    }
    return columns;
  }

  /** What the rows have in any of the scans. */
  private FrameIntervals inAllScans(BiFunction<Shape, FrameIntervals, FrameIntervals> values) {
    FrameIntervals all = FrameIntervals.EMPTY;
    for (int scan = 0; scan < scans.count(); scan++) {
      FrameIntervals inside = scans.within(rows, scan);
      if (!inside.isEmpty()) {
        all = all.union(values.apply(scans.shape(scan), inside));
      }
    }
    return all;
  }

  /** The coordinates of a scan's frames along an axis. */
  private static FrameIntervals coordinates(Shape scan, FrameIntervals rows, int axis) {
    FrameLayout layout = new FrameLayout(scan, Shape.of());
    long extent = layout.scan().dim(axis);
    long stride = layout.stride(axis);
    long[][] parts = new long[2 * rows.size()][];
    int count = 0;
    for (int i = 0; i < rows.size(); i++) {
      long first = rows.from(i) / stride;
      long last = (rows.to(i) - 1) / stride;
      if (last - first + 1 >= extent) {
        return FrameIntervals.of(0, extent);
      }
      if (first % extent <= last % extent) {
        parts[count++] = new long[] {first % extent, last % extent + 1};
      } else {
        parts[count++] = new long[] {first % extent, extent};
        parts[count++] = new long[] {0, last % extent + 1};
      }
    }
    Arrays.sort(parts, 0, count, Comparator.comparingLong(part -> part[0]));
    FrameIntervals.Builder all = new FrameIntervals.Builder();
    for (int i = 0; i < count; i++) {
      all.add(parts[i][0], parts[i][1]);
    }
    return all.build();
  }

  /** A column, whether it may have nulls, and its whole numbers if it has such. */
  private record Known(Optional<FrameIntervals> values, boolean nullable)
      implements ColumnStatistics {
    @Override
    public OptionalLong nullCount() {
      return nullable ? OptionalLong.empty() : OptionalLong.of(0);
    }

    @Override
    public OptionalLong distinctCount() {
      return values.isPresent() ? OptionalLong.of(values.get().count()) : OptionalLong.empty();
    }

    @Override
    public Optional<Object> min() {
      return values.filter(v -> !v.isEmpty()).map(v -> v.from(0));
    }

    @Override
    public Optional<Object> max() {
      return values.filter(v -> !v.isEmpty()).map(v -> v.to(v.size() - 1) - 1);
    }
  }
}
