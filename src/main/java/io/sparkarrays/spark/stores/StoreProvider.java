// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stores;

import io.sparkarrays.spark.npz.RankEntries;
import io.sparkarrays.spark.npz.RankFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

/**
 * Not for users: how a {@link NumpyStore} reads its files, with a task for each rank, which the
 * format's own reader does not promise.
 */
public final class StoreProvider implements TableProvider {

  private static final String FILE = "file";

  /** For Spark, by reflection. */
  public StoreProvider() {}

  /** A key's table. */
  static Dataset<Row> read(SparkSession spark, Path file) {
    return spark.read().format(StoreProvider.class.getName()).option(FILE, file.toString()).load();
  }

  @Override
  @SuppressWarnings("deprecation") // Spark 4.0 asks for the schema, later ones for columns().
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return RankEntries.schema();
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return new StoredTable(new CaseInsensitiveStringMap(properties), schema);
  }

  private record StoredTable(CaseInsensitiveStringMap options, StructType stored)
      implements SupportsRead {
    @Override
    public String name() {
      return "numpy store " + options.get(FILE);
    }

    @Override
    @SuppressWarnings("deprecation") // Spark 4.0 asks for the schema, later ones for columns().
    public StructType schema() {
      return stored;
    }

    @Override
    public Set<TableCapability> capabilities() {
      return Set.of(TableCapability.BATCH_READ);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap more) {
      List<Path> files = NumpySink.ranks(Path.of(options.get(FILE)));
      return RankEntries.scan(name(), files.stream().map(RankFile::of).toList());
    }
  }
}
