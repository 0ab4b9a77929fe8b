// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes the fillers of a task's columns. Frames are read once, though two columns may be made of
 * them.
 */
final class ColumnFillers {

  private final ReadTask task;
  private final List<FrameRange> ranges;
  private final OpenFile files;
  private final BatchPool pool;
  private final Map<FrameColumn, StatsFiller> statistics = new HashMap<>();

  /**
   * @param ranges all files that the reader will come by
   * @param files opened with the {@link #stored} columns
   */
  ColumnFillers(ReadTask task, List<FrameRange> ranges, OpenFile files, BatchPool pool) {
    this.task = task;
    this.ranges = ranges;
    this.files = files;
    this.pool = pool;
  }

  /** The data sets that a task's columns need frames of. */
  static List<FrameColumn> stored(ReadTask task) {
    return task.columns().stream()
        .flatMap(c -> c instanceof ReadColumn.Stored s ? Stream.of(s.column()) : Stream.empty())
        .distinct()
        .toList();
  }

  /** The fillers, in the columns' order. */
  List<ColumnFiller> make() {
    for (ReadColumn column : task.columns()) {
      if (column instanceof ReadColumn.Statistics reduced) {
        StatsFiller filler = new StatsFiller(reduced, reads(reduced), pool, readAsFrames(reduced));
        statistics.put(reduced.column(), filler);
      }
    }
    List<ColumnFiller> fillers = new ArrayList<>();
    for (ReadColumn column : task.columns()) {
      fillers.add(filler(column));
    }
    return fillers;
  }

  private FrameReads reads(ReadColumn.Stored column) {
    return new FrameReads(column, stored(task).indexOf(column.column()), files);
  }

  private boolean readAsFrames(ReadColumn.Statistics column) {
    return task.columns().stream()
        .anyMatch(c -> c instanceof ReadColumn.Frames f && f.column().equals(column.column()));
  }

  private ColumnFiller filler(ReadColumn column) {
    if (column instanceof ReadColumn.Frames values && !values.column().isNumber()) {
      return new ValueFiller(values, reads(values), pool);
    }
    if (column instanceof ReadColumn.Frames frames) {
      Optional<FrameTap> tap = Optional.ofNullable(statistics.get(frames.column()));
      return new FramesFiller(frames, reads(frames), pool, tap);
    }
    if (column instanceof ReadColumn.Statistics reduced) {
      return statistics.get(reduced.column());
    }
    if (column instanceof ReadColumn.Reference referred) {
      return new ReferenceFiller(referred, reads(referred), pool);
    }
    if (column instanceof ReadColumn.ScanCoordinate scan) {
      return NumberFiller.coordinate(scan.field(), task.scans(), scan.axis());
    }
    if (column instanceof ReadColumn.Metadata metadata) {
      return switch (metadata.which()) {
        case FILE -> new TextFiller(metadata.field(), ranges, FrameRange::file);
        case DATASET -> new TextFiller(metadata.field(), ranges, range -> task.dataset());
        case SOURCE -> new TextFiller(metadata.field(), ranges, FrameRange::sources);
        case OFFSET -> NumberFiller.offset(metadata.field());
        case PARTITION -> NumberFiller.partition(metadata.field());
        case COORDS -> new CoordsFiller(metadata.field(), ranges);
        case STATS, BYTES, REFERENCE ->
            throw new IllegalArgumentException(column + " is made of frames");
      };
    }
    return NumberFiller.frameIndex(column.field(), task.scans());
  }
}
