// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import java.io.Serial;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.HasPartitionKey;

/** What one task reads of one file, with the key of its rows; the key stays on the driver. */
final class KeyedInputPartition extends ArrayInputPartition implements HasPartitionKey {
  @Serial private static final long serialVersionUID = 1L;

  private final transient InternalRow key;

  /**
   * @param splits splits of one file
   */
  KeyedInputPartition(List<FrameSplit> splits, String[] hosts, long rowBytes, PartitionKey key) {
    this(splits, hosts, rowBytes, key.value(splits.get(0).range()));
  }

  private KeyedInputPartition(
      List<FrameSplit> splits, String[] hosts, long rowBytes, InternalRow key) {
    super(splits, hosts, rowBytes);
    this.key = key;
  }

  @Override
  public InternalRow partitionKey() {
    return key;
  }

  @Override
  ArrayInputPartition with(List<FrameSplit> less) {
    return new KeyedInputPartition(less, preferredLocations(), rowBytes(), key);
  }
}
