// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.spark.metrics.WriteMetric;
import io.sparkarrays.spark.source.FrameSink;
import java.util.Arrays;
import org.apache.spark.sql.connector.distributions.Distribution;
import org.apache.spark.sql.connector.distributions.Distributions;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.RequiresDistributionAndOrdering;

/**
 * A write that has Spark bring the rows of a file into one task, in the order of their frames, so
 * that the user sorts nothing.
 */
final class ArrayWrite implements RequiresDistributionAndOrdering {

  /** More files than this share tasks; a task writes its files one after the other. */
  private static final int MAX_TASKS = 10_000;

  private final FrameSink sink;
  private final IndexColumns index;
  private final FrameField frame;
  private final FileSlots slots;
  private final int tasks;

  ArrayWrite(FrameSink sink, IndexColumns index, FrameField frame) {
    this.sink = sink;
    this.index = index;
    this.frame = frame;
    this.tasks = Math.max(1, Math.min(MAX_TASKS, sink.files().count()));
    this.slots = FileSlots.register(sink.files(), sink.layout(), index.names().size(), tasks);
  }

  private NamedReference[] references() {
    return index.names().stream().map(ArrayWrite::reference).toArray(NamedReference[]::new);
  }

  /** A column by its whole name, whatever dots are in it. */
  private static NamedReference reference(String name) {
    return Expressions.column("`" + name.replace("`", "``") + "`");
  }

  @Override
  public Distribution requiredDistribution() {
    return Distributions.clustered(
        new Expression[] {Expressions.apply(slots.name(), references())});
  }

  @Override
  public int requiredNumPartitions() {
    return tasks;
  }

  @Override
  public SortOrder[] requiredOrdering() {
    return Arrays.stream(references())
        .map(column -> Expressions.sort(column, SortDirection.ASCENDING))
        .toArray(SortOrder[]::new);
  }

  @Override
  public String description() {
    return sink.description();
  }

  @Override
  public CustomMetric[] supportedCustomMetrics() {
    return WriteMetric.supported();
  }

  @Override
  public BatchWrite toBatch() {
    return new ArrayBatchWrite(sink, index, frame);
  }
}
