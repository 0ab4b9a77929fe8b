// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hosts;

import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.apache.spark.unsafe.types.UTF8String;

/** A source whose planning asks all hosts; it has a row a host, with the host's name. */
public final class AskingSource
    implements TableProvider, SupportsRead, Scan, Batch, PartitionReaderFactory {

  private static final StructType SCHEMA = new StructType().add("host", DataTypes.StringType);
  private static final long serialVersionUID = 1L;

  /** For Spark. */
  public AskingSource() {}

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return SCHEMA;
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return this;
  }

  @Override
  public String name() {
    return "asking";
  }

  @Override
  @SuppressWarnings("deprecation") // What Spark 4.0 and 4.1 call.
  public StructType schema() {
    return SCHEMA;
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return () -> this;
  }

  @Override
  public StructType readSchema() {
    return SCHEMA;
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  @Override
  public InputPartition[] planInputPartitions() {
    return HostScenario.ask(org.apache.spark.sql.SparkSession.active()).answers().keySet().stream()
        .map(Row::new)
        .toArray(InputPartition[]::new);
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return this;
  }

  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    return new Reader(((Row) partition).host());
  }

  private record Row(String host) implements InputPartition {}

  private static final class Reader implements PartitionReader<InternalRow> {
    private final String host;
    private boolean read;

    Reader(String host) {
      this.host = host;
    }

    @Override
    public boolean next() {
      boolean first = !read;
      read = true;
      return first;
    }

    @Override
    public InternalRow get() {
      return new GenericInternalRow(new Object[] {UTF8String.fromString(host)});
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }
}
