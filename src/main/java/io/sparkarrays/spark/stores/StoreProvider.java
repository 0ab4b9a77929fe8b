// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stores;

import io.sparkarrays.spark.npz.RankEntries;
import io.sparkarrays.spark.npz.RankFile;
import java.nio.file.Path;
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
 * Not for users: how the stores read their files, with a task for each rank, which the formats' own
 * readers do not promise.
 */
public final class StoreProvider implements TableProvider {

  static final String GENERICIO = "genericio";
  static final String NUMPY = "numpy";

  private static final String KIND = "kind";
  private static final String FILE = "file";

  /** For Spark, by reflection. */
  public StoreProvider() {}

  /** A key's table. */
  static Dataset<Row> read(SparkSession spark, String kind, Path file) {
    return spark
        .read()
        .format(StoreProvider.class.getName())
        .option(KIND, kind)
        .option(FILE, file.toString())
        .load();
  }

  @Override
  @SuppressWarnings("deprecation") // Spark 4.0 asks for the schema, later ones for columns().
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return table(options).schema();
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return new StoredTable(new CaseInsensitiveStringMap(properties), schema);
  }

  private static StoredTable table(CaseInsensitiveStringMap options) {
    StructType schema =
        options.get(KIND).equals(NUMPY)
            ? RankEntries.schema()
            : RankScanBuilder.schema(Path.of(options.get(FILE)));
    return new StoredTable(options, schema);
  }

  private record StoredTable(CaseInsensitiveStringMap options, StructType stored)
      implements SupportsRead {
    @Override
    public String name() {
      return options.get(KIND) + " store " + options.get(FILE);
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
      Path file = Path.of(options.get(FILE));
      return options.get(KIND).equals(NUMPY)
          ? RankEntries.scan(name(), NumpySink.ranks(file).stream().map(RankFile::of).toList())
          : new RankScanBuilder(file, stored);
    }
  }
}
