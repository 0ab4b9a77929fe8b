// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.Scans;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.spark.sql.connector.read.colstats.ColumnStatistics;

/** Statistics are those of the rows themselves, counted one by one. */
class ScanStatisticsProperties {

  @Property(tries = 500)
  void columnsAreCountedAsTheirRowsAre(@ForAll Random random) {
    Shape scan = Shape.of(1 + random.nextInt(5), 1 + random.nextInt(6), 1 + random.nextInt(4));
    PlainSource source = new PlainSource(scan, 1, Shape.of(2, 3));
    long frames = scan.size();
    FrameIntervals rows =
        random.nextInt(4) == 0
            ? FrameIntervals.of(0, random.nextLong(frames + 1))
            : FrameIntervals.ofIndexes(random.longs(random.nextInt(20), 0, frames).toArray());
    TableSchema schema = TableSchema.of(source, ReadOptions.of(Map.of("path", "/data")));
    ScanStatistics statistics =
        new ScanStatistics(
            new ScanPlan(
                schema.visibleColumns(), rows, FrameChoice.ALL, List.of(), List.of(), List.of()),
            Scans.of(scan),
            rows);

    assertThat(statistics.numRows()).hasValue(rows.count());
    assertThat(statistics.sizeInBytes()).hasValue(rows.count() * (4 * 8 + 6));
    for (ReadColumn column : schema.visibleColumns()) {
      ColumnStatistics known = statistics.columnStats().get(column.reference());
      assertThat(known.nullCount()).hasValue(0);
      if (column instanceof ReadColumn.Frames) {
        assertThat(known.distinctCount()).isEmpty();
        continue;
      }
      TreeSet<Long> values = new TreeSet<>();
      for (long frame = 0; frame < frames; frame++) {
        if (rows.contains(frame)) {
          values.add(value(column, scan, frame));
        }
      }
      assertThat(known.distinctCount()).hasValue(values.size());
      assertThat(known.min().isPresent()).isEqualTo(!values.isEmpty());
      if (!values.isEmpty()) {
        assertThat(known.min()).hasValue(values.first());
        assertThat(known.max()).hasValue(values.last());
      }
    }
  }

  private static long value(ReadColumn column, Shape scan, long frame) {
    if (!(column instanceof ReadColumn.ScanCoordinate coordinate)) {
      return frame;
    }
    long rest = frame;
    for (int axis = scan.rank() - 1; axis > coordinate.axis(); axis--) {
      rest /= scan.dim(axis);
    }
    return rest % scan.dim(coordinate.axis());
  }
}
