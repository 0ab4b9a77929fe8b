// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.spark.source.TableSink;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * Not for users: the way by which {@link TableWrite#run} has tasks write, with Spark's own care for
 * which attempt at a task counts.
 */
public final class TableSinkProvider implements TableProvider {

  /** The option that names the sink. */
  static final String SINK = "sink";

  /** Sinks being written to, by name. */
  static final Map<String, TableSink> OPEN = new ConcurrentHashMap<>();

  /** For Spark, by reflection. */
  public TableSinkProvider() {}

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return new StructType();
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    String name = new CaseInsensitiveStringMap(properties).get(SINK);
    TableSink sink = name == null ? null : OPEN.get(name);
    if (sink == null) {
      throw new IllegalArgumentException("No write " + name + " is under way");
    }
    return new SinkTable(sink);
  }

  private record SinkTable(TableSink sink) implements SupportsWrite {
    @Override
    public String name() {
      return sink.description();
    }

    @Override
    @SuppressWarnings("deprecation") // Spark 4.0 asks for the schema, later ones for columns().
    public StructType schema() {
      return new StructType();
    }

    @Override
    public Set<TableCapability> capabilities() {
      return EnumSet.of(TableCapability.BATCH_WRITE, TableCapability.ACCEPT_ANY_SCHEMA);
    }

    @Override
    public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
      return new WriteBuilder() {
        @Override
        public Write build() {
          return new TableWrite(sink);
        }
      };
    }
  }
}
