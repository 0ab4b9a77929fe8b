// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.spark.metrics.WriteMetric;
import io.sparkarrays.spark.options.Distribution;
import io.sparkarrays.spark.source.FrameSink;
import java.util.Arrays;
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
 * A write that, unless {@code distribution = none}, has Spark bring the rows of a file into one
 * task, so that the user does not have to. They need not be in the order of their frames: each is
 * written where it belongs. Spark sorts them where frames are small, each of which would be a small
 * write of its own, and where a task has several files.
 */
final class ArrayWrite implements RequiresDistributionAndOrdering {

  /** More files than this share tasks; a task writes its files one after the other. */
  private static final int MAX_TASKS = 10_000;

  /** Frames of at least so many bytes are not sorted. */
  private static final long LARGE_FRAME = 1 << 16;

  private final FrameSink sink;
  private final IndexColumns index;
  private final FrameField frame;
  private final Distribution distribution;
  private final FileSlots slots;
  private final int tasks;

  ArrayWrite(FrameSink sink, IndexColumns index, FrameField frame, Distribution distribution) {
    this.sink = sink;
    this.index = index;
    this.frame = frame;
    this.distribution = distribution;
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
  public org.apache.spark.sql.connector.distributions.Distribution requiredDistribution() {
    return distribution == Distribution.NONE
        ? Distributions.unspecified()
        : Distributions.clustered(new Expression[] {Expressions.apply(slots.name(), references())});
  }

  @Override
  public int requiredNumPartitions() {
    return distribution == Distribution.NONE ? 0 : tasks;
  }

  @Override
  public SortOrder[] requiredOrdering() {
    boolean large = sink.layout().frame().size() * sink.dtype().size() >= LARGE_FRAME;
    boolean oneFileEach = sink.files().count() <= tasks;
    if (distribution == Distribution.NONE || (large && oneFileEach)) {
      return new SortOrder[0];
    }
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
