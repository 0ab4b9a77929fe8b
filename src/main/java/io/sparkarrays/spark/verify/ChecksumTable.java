// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.verify;

import io.sparkarrays.spark.hosts.Hosts;
import io.sparkarrays.spark.hosts.PlacedTable;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.LongAccumulator;

/**
 * A table with a row for each copy of a file that was read on its host. Where Spark has placed a
 * task on another host there are no rows: what lies there under the name is another copy.
 */
final class ChecksumTable extends PlacedTable {

  private static final StructType SCHEMA =
      new StructType()
          .add("host", DataTypes.StringType)
          .add("name", DataTypes.StringType)
          .add("sha256", DataTypes.StringType)
          .add("fault", DataTypes.StringType);

  private final String root;
  private final List<List<FileCopy>> tasks;
  private final LongAccumulator read;

  /**
   * @param tasks the copies that each task reads, all of one host
   * @param read counts bytes as tasks end
   */
  ChecksumTable(String root, List<List<FileCopy>> tasks, LongAccumulator read) {
    super(SCHEMA);
    this.root = root;
    this.tasks = tasks;
    this.read = read;
  }

  @Override
  public String name() {
    return "checksums of " + root;
  }

  @Override
  public InputPartition[] planInputPartitions() {
    return tasks.stream().map(Place::new).toArray(InputPartition[]::new);
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new ReaderFactory(root, read);
  }

  private record Place(List<FileCopy> copies) implements InputPartition {
    @Override
    public String[] preferredLocations() {
      return new String[] {copies.get(0).host()};
    }
  }

  /** Carries the accumulator, which registers only where it is unpacked inside the task. */
  private record ReaderFactory(String root, LongAccumulator read)
      implements PartitionReaderFactory, Serializable {
    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      return new Reader(this, ((Place) partition).copies());
    }
  }

  private static final class Reader implements PartitionReader<InternalRow> {
    private final ReaderFactory factory;
    private final List<FileCopy> copies;
    private final String here = Hosts.here();
    private int next;
    private InternalRow row;

    Reader(ReaderFactory factory, List<FileCopy> copies) {
      this.factory = factory;
      this.copies = copies;
    }

    @Override
    public boolean next() {
      while (next < copies.size()) {
        FileCopy copy = copies.get(next++);
        if (copy.host().equals(here)) {
          row = row(copy, check(copy));
          return true;
        }
      }
      return false;
    }

    private Checksum check(FileCopy copy) {
      Checksum checksum =
          Checksum.of(Path.of(factory.root(), copy.name()), copy.bytes(), factory.read()::add);
      TaskContext context = TaskContext.get();
      if (context != null && checksum.fault() != null) {
        // A killed task's reads fail, too, which tells nothing of the file.
        context.killTaskIfInterrupted();
      }
      return checksum;
    }

    private static InternalRow row(FileCopy copy, Checksum checksum) {
      return new GenericInternalRow(
          new Object[] {
            UTF8String.fromString(copy.host()),
            UTF8String.fromString(copy.name()),
            UTF8String.fromString(checksum.sha256()),
            UTF8String.fromString(checksum.fault())
          });
    }

    @Override
    public InternalRow get() {
      return row;
    }

    @Override
    public void close() {
      // Files are closed as they end.
    }
  }
}
