// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FrameSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** Reads of sources that have no format, because nobody but this library asks for them. */
public final class OpenedTable implements TableProvider {

  private static final String SOURCE = "source";
  private static final Map<String, FrameSource> OPEN = new ConcurrentHashMap<>();

  /** For Spark, by reflection. */
  public OpenedTable() {}

  /**
   * A source as a table.
   *
   * @param options read options; the path is for messages
   */
  public static Dataset<Row> read(
      SparkSession spark, FrameSource source, Map<String, String> options) {
    String name = UUID.randomUUID().toString();
    OPEN.put(name, source);
    try {
      // The table holds the source from here on.
      return spark
          .read()
          .format(OpenedTable.class.getName())
          .options(options)
          .option(SOURCE, name)
          .load();
    } finally {
      OPEN.remove(name);
    }
  }

  private static Known table(Map<String, String> properties) {
    Map<String, String> options = new HashMap<>(new CaseInsensitiveStringMap(properties));
    FrameSource source = OPEN.get(options.getOrDefault(SOURCE, ""));
    if (source == null) {
      throw new IllegalArgumentException("No such source is open");
    }
    options.remove(SOURCE);
    ReadOptions read = ReadOptions.of(options);
    return new Known(source, read, TableSchema.of(source, read));
  }

  @Override
  @SuppressWarnings("deprecation") // Spark 4.0 asks for the schema, later ones for columns().
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return table(options).schema();
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return table(properties);
  }

  private record Known(FrameSource source, ReadOptions options, TableSchema table)
      implements SupportsRead {
    @Override
    public String name() {
      return source.description();
    }

    @Override
    @SuppressWarnings("deprecation") // Spark 4.0 asks for the schema, later ones for columns().
    public StructType schema() {
      return table.visible();
    }

    @Override
    public Set<TableCapability> capabilities() {
      return EnumSet.of(TableCapability.BATCH_READ);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap scanOptions) {
      return new ArrayScanBuilder(source, table, options);
    }
  }
}
