// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.metrics.ReadMetric;
import io.sparkarrays.spark.source.FrameRange;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/**
 * What the planning of a scan came to.
 *
 * @param nanos how long it took
 * @param splits into how many tasks the frames went
 * @param framesPruned frames of the data set that are not read
 * @param files files that are read
 * @param filesPruned files that hold no frame to read
 * @param missing files that should hold some, but are nowhere: skipped or filled
 */
record ScanPlanning(
    long nanos, long splits, long framesPruned, long files, long filesPruned, long missing) {

  /** Counts up what was planned. */
  static ScanPlanning of(
      List<FrameRange> ranges,
      FrameIntervals wanted,
      long scan,
      List<ArrayInputPartition> planned,
      long nanos) {
    // Ranges by their first frame: their hosts are those of the task.
    Set<Long> read = new HashSet<>();
    long frames = 0;
    for (ArrayInputPartition partition : planned) {
      frames += partition.numRows().getAsLong();
      for (FrameSplit split : partition.splits()) {
        read.add(split.range().from());
      }
    }
    long missing = 0;
    long pruned = 0;
    for (FrameRange range : ranges) {
      if (range.present()) {
        pruned += read.contains(range.from()) || range.frames() == 0 ? 0 : 1;
      } else if (!wanted.within(range.from(), range.to()).isEmpty()) {
        missing++;
      }
    }
    long present = ranges.stream().filter(FrameRange::present).count();
    return new ScanPlanning(
        nanos, planned.size(), scan - frames, present - pruned, pruned, missing);
  }

  CustomTaskMetric[] metrics() {
    return new CustomTaskMetric[] {
      ReadMetric.PLANNING_TIME.value(nanos / 1_000_000),
      ReadMetric.SPLITS.value(splits),
      ReadMetric.FRAMES_PRUNED.value(framesPruned),
      ReadMetric.FILES_PRUNED.value(filesPruned),
      ReadMetric.PARTITIONS_MISSING.value(missing)
    };
  }

  @Override
  public String toString() {
    return "splits: " + splits + " of " + files + " files, files pruned: " + filesPruned;
  }
}
