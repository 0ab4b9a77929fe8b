// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.verify;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * Not for users: the way by which {@link Checksums} gets tasks placed on hosts, since Java code can
 * name the hosts of a task only through a data source. Without a round under way it reads nothing.
 */
public final class ChecksumProvider implements TableProvider {

  /** The option that names the round. */
  static final String ROUND = "round";

  /** Rounds under way, by name. */
  static final Map<String, ChecksumTable> OPEN = new ConcurrentHashMap<>();

  /** For Spark, by reflection. */
  public ChecksumProvider() {}

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return ChecksumTable.SCHEMA;
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    String name = new CaseInsensitiveStringMap(properties).get(ROUND);
    ChecksumTable table = name == null ? null : OPEN.get(name);
    if (table == null) {
      throw new IllegalArgumentException("No checksums " + name + " are being made");
    }
    return table;
  }
}
