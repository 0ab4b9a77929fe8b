// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.connector.read.HasPartitionStatistics;

/**
 * What one task reads. The hosts steer Spark's scheduler on the driver and are not sent along. Two
 * partitions are equal if they read the same frames: exchange reuse compares them.
 */
class ArrayInputPartition implements HasPartitionStatistics {
  @Serial private static final long serialVersionUID = 1L;
  private static final String[] ANYWHERE = {};

  private final List<FrameSplit> splits;
  private final transient String[] hosts;
  private final long rowBytes;

  /**
   * @param splits what to read, in order
   * @param hosts where it is best read; empty if it makes no difference
   * @param rowBytes bytes of a row's values
   */
  ArrayInputPartition(List<FrameSplit> splits, String[] hosts, long rowBytes) {
    this.splits = List.copyOf(splits);
    this.hosts = hosts.clone();
    this.rowBytes = rowBytes;
  }

  final List<FrameSplit> splits() {
    return splits;
  }

  final long rowBytes() {
    return rowBytes;
  }

  /** This partition with only those of its frames that are in a set; nothing if none is. */
  final Optional<ArrayInputPartition> within(FrameIntervals frames) {
    List<FrameSplit> less = new ArrayList<>();
    for (FrameSplit split : splits) {
      FrameIntervals left = split.frames().intersect(frames);
      if (!left.isEmpty()) {
        less.add(new FrameSplit(split.range(), left));
      }
    }
    return less.isEmpty() ? Optional.empty() : Optional.of(with(less));
  }

  ArrayInputPartition with(List<FrameSplit> less) {
    return new ArrayInputPartition(less, hosts, rowBytes);
  }

  @Override
  public final String[] preferredLocations() {
    return hosts.clone();
  }

  @Override
  public final OptionalLong numRows() {
    return OptionalLong.of(splits.stream().mapToLong(split -> split.frames().count()).sum());
  }

  @Override
  public final OptionalLong sizeInBytes() {
    return OptionalLong.of(Math.multiplyExact(numRows().getAsLong(), rowBytes));
  }

  @Override
  public final OptionalLong filesCount() {
    return OptionalLong.of(splits.stream().map(split -> split.range().file()).distinct().count());
  }

  /** A task needs the frames only, not what planning knows besides. */
  @Serial
  final Object readResolve() {
    return new ArrayInputPartition(splits, ANYWHERE, rowBytes);
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof ArrayInputPartition that && splits.equals(that.splits);
  }

  @Override
  public final int hashCode() {
    return splits.hashCode();
  }

  @Override
  public final String toString() {
    return splits.toString();
  }
}
