// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hosts;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * Not for users: the way by which Spark finds a {@link PlacedTable}. It makes a source only from a
 * public class with a public constructor. While no such table is read there is nothing to find.
 */
public final class PlacedTableProvider implements TableProvider {

  /** The option that names the table. */
  static final String TABLE = "table";

  /** Tables being read, by name; what they hold never becomes text. */
  static final Map<String, PlacedTable> OPEN = new ConcurrentHashMap<>();

  /** For Spark, by reflection. */
  public PlacedTableProvider() {}

  private static PlacedTable find(Map<String, String> options) {
    String name = new CaseInsensitiveStringMap(options).get(TABLE);
    PlacedTable table = name == null ? null : OPEN.get(name);
    if (table == null) {
      throw new IllegalArgumentException("No table " + name + " is being read");
    }
    return table;
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return find(options).readSchema();
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return find(properties);
  }
}
