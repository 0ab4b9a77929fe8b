// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hosts;

import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A table that is made for the tasks that read it: Java code can name the hosts of a task only
 * through a data source. It is its own scan, and has no name by which others could read it.
 */
public abstract class PlacedTable implements SupportsRead, Scan, Batch {

  private final StructType schema;

  /** Of rows of a schema. */
  protected PlacedTable(StructType schema) {
    this.schema = schema;
  }

  /** Runs what reads the rows. */
  public final <T> T read(SparkSession spark, Function<Dataset<Row>, T> reader) {
    String id = UUID.randomUUID().toString();
    PlacedTableProvider.OPEN.put(id, this);
    try {
      return reader.apply(
          spark
              .read()
              .format(PlacedTableProvider.class.getName())
              .option(PlacedTableProvider.TABLE, id)
              .load());
    } finally {
      PlacedTableProvider.OPEN.remove(id);
    }
  }

  @Override
  @SuppressWarnings("deprecation") // Spark 4.0 and 4.1 know a table's columns by this method alone.
  public final StructType schema() {
    return schema;
  }

  @Override
  public final Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ);
  }

  @Override
  public final ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return () -> this;
  }

  @Override
  public final StructType readSchema() {
    return schema;
  }

  @Override
  public String description() {
    return name();
  }

  @Override
  public final Batch toBatch() {
    return this;
  }

  /** Rows; the default would ask the splits for it. */
  @Override
  public final ColumnarSupportMode columnarSupportMode() {
    return ColumnarSupportMode.UNSUPPORTED;
  }
}
