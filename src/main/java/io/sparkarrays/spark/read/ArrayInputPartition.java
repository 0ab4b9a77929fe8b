// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import java.io.Serial;
import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * What one task reads. The hosts steer Spark's scheduler on the driver and are not sent along. Two
 * partitions are equal if they read the same frames: exchange reuse compares them.
 */
final class ArrayInputPartition implements InputPartition {
  @Serial private static final long serialVersionUID = 1L;
  private static final String[] ANYWHERE = {};

  private final List<FrameSplit> splits;
  private final transient String[] hosts;

  /**
   * @param splits what to read, in order
   * @param hosts where it is best read; empty if it makes no difference
   */
  ArrayInputPartition(List<FrameSplit> splits, String[] hosts) {
    this.splits = List.copyOf(splits);
    this.hosts = hosts.clone();
  }

  List<FrameSplit> splits() {
    return splits;
  }

  @Override
  public String[] preferredLocations() {
    return hosts.clone();
  }

  @Serial
  private Object readResolve() {
    return new ArrayInputPartition(splits, ANYWHERE);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ArrayInputPartition that && splits.equals(that.splits);
  }

  @Override
  public int hashCode() {
    return splits.hashCode();
  }

  @Override
  public String toString() {
    return splits.toString();
  }
}
