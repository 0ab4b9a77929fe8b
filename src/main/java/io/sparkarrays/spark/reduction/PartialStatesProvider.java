// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.reduction;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * Not for users: the way by which {@link ReducedScan} gets its tasks placed where the frames are.
 * Spark makes a source only from a public class with a public constructor.
 */
public final class PartialStatesProvider implements TableProvider {

  /** The option that names the table. */
  static final String STATES = "states";

  /** Tables being read, by name. */
  static final Map<String, PartialStates> OPEN = new ConcurrentHashMap<>();

  /** For Spark, by reflection. */
  public PartialStatesProvider() {}

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return PartialStates.SCHEMA;
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    String name = new CaseInsensitiveStringMap(properties).get(STATES);
    PartialStates table = name == null ? null : OPEN.get(name);
    if (table == null) {
      throw new IllegalArgumentException("No reduction " + name + " is under way");
    }
    return table;
  }
}
