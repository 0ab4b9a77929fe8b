// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.npz;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.types.StructType;

/**
 * A read of arrays as rows. Equal scans are equal records, by which Spark reads what two parts of a
 * query need only once.
 *
 * @param description what is read
 * @param columns columns of the {@code entries} view
 * @param tasks the files that each task reads
 * @param names the arrays to read; all if empty
 * @param verify whether values are checked against their CRC
 */
record EntriesScan(
    String description,
    StructType columns,
    List<List<RankFile>> tasks,
    Optional<Set<String>> names,
    boolean verify)
    implements Scan, Batch {

  @Override
  public StructType readSchema() {
    return columns;
  }

  @Override
  public String description() {
    return description
        + names.map(n -> ", arrays " + n.stream().sorted().collect(Collectors.toList())).orElse("");
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  @Override
  public InputPartition[] planInputPartitions() {
    return tasks.stream().map(Task::new).toArray(InputPartition[]::new);
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new Factory(columns, names.orElse(null), verify);
  }

  private record Task(List<RankFile> files) implements InputPartition {}

  private record Factory(StructType columns, Set<String> names, boolean verify)
      implements PartitionReaderFactory {
    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      return new Reader(new EntryReader(columns, names, verify, ((Task) partition).files()));
    }
  }

  /** Hands rows to Spark. */
  private record Reader(EntryReader rows) implements PartitionReader<InternalRow> {
    @Override
    public boolean next() throws IOException {
      return rows.next();
    }

    @Override
    public InternalRow get() {
      return rows.row();
    }

    @Override
    public void close() throws IOException {
      rows.close();
    }
  }
}
