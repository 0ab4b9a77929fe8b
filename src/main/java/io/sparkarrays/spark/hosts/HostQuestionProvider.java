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
 * Not for users: the way by which {@link Hosts} gets tasks placed on hosts. Java code can name the
 * hosts of a task only through a data source, and Spark makes a source only from a public class
 * with a public constructor. Without an open question it reads nothing.
 */
public final class HostQuestionProvider implements TableProvider {

  /** The option that names the question. */
  static final String QUESTION = "question";

  /** Questions being asked, by name; the task itself never becomes text. */
  static final Map<String, HostRound> OPEN = new ConcurrentHashMap<>();

  /** For Spark, by reflection. */
  public HostQuestionProvider() {}

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return HostQuestionTable.SCHEMA;
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    String name = new CaseInsensitiveStringMap(properties).get(QUESTION);
    HostRound round = name == null ? null : OPEN.get(name);
    if (round == null) {
      throw new IllegalArgumentException("No question " + name + " is being asked");
    }
    return new HostQuestionTable(round);
  }
}
