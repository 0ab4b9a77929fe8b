// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hosts;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.CollectionAccumulator;

/** A table without rows; reading it asks each wanted host once. */
final class HostQuestionTable extends PlacedTable {

  private static final StructType SCHEMA = new StructType().add("answer", DataTypes.BinaryType);

  private final HostRound round;

  HostQuestionTable(HostRound round) {
    super(SCHEMA);
    this.round = round;
  }

  @Override
  public String name() {
    return round.description();
  }

  @Override
  public InputPartition[] planInputPartitions() {
    if (!round.open()) {
      throw new IllegalStateException("Nobody waits for this question any more");
    }
    List<String> hosts = round.wanted();
    return hosts.isEmpty()
        ? new InputPartition[] {new Place(null)}
        : hosts.stream().map(Place::new).toArray(InputPartition[]::new);
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new ReaderFactory(round.task(), round.replies());
  }

  /** Where one copy of the question wants to run; null for anywhere. */
  private record Place(String host) implements InputPartition {
    @Override
    public String[] preferredLocations() {
      return host == null ? new String[0] : new String[] {host};
    }
  }

  /**
   * Carries the question. The task and the accumulator must travel here, not in the {@link Place}:
   * Spark unpacks this one inside the running task, where jars are known and accumulators register.
   */
  private record ReaderFactory(HostTask<?> task, CollectionAccumulator<byte[]> replies)
      implements PartitionReaderFactory {
    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      return new Reader(((Place) partition).host(), task, replies);
    }
  }

  /**
   * Runs the task when Spark asks for the first row, and has none. On another host than the wanted
   * one, whose slots were taken, it does nothing: that host has a question of its own.
   */
  private record Reader(String host, HostTask<?> task, CollectionAccumulator<byte[]> replies)
      implements PartitionReader<InternalRow> {
    @Override
    public boolean next() {
      if (host == null || host.equals(Hosts.here())) {
        replies.add(HostReply.of(task));
      }
      return false;
    }

    @Override
    public InternalRow get() {
      throw new IllegalStateException("There are no rows");
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }
}
