// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import java.util.function.Supplier;
import org.apache.spark.sql.connector.distributions.Distribution;
import org.apache.spark.sql.connector.distributions.Distributions;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.RequiresDistributionAndOrdering;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.streaming.StreamingWrite;

/**
 * A write of which Spark has not told yet whether it is of a batch or of an epoch of a stream. It
 * asks for the stream before anything else; what it asks first settles it, and only that is made.
 */
final class BatchOrStream implements RequiresDistributionAndOrdering {

  private final Supplier<Write> batch;
  private final Supplier<Write> stream;
  private Write settled;

  BatchOrStream(Supplier<Write> batch, Supplier<Write> stream) {
    this.batch = batch;
    this.stream = stream;
  }

  private synchronized Write settle(Supplier<Write> choice) {
    if (settled == null) {
      settled = choice.get();
    }
    return settled;
  }

  private Write settled() {
    return settle(batch);
  }

  @Override
  public BatchWrite toBatch() {
    return settled().toBatch();
  }

  @Override
  public StreamingWrite toStreaming() {
    return settle(stream).toStreaming();
  }

  @Override
  public Distribution requiredDistribution() {
    return settled() instanceof RequiresDistributionAndOrdering wishes
        ? wishes.requiredDistribution()
        : Distributions.unspecified();
  }

  @Override
  public int requiredNumPartitions() {
    return settled() instanceof RequiresDistributionAndOrdering wishes
        ? wishes.requiredNumPartitions()
        : 0;
  }

  @Override
  public SortOrder[] requiredOrdering() {
    return settled() instanceof RequiresDistributionAndOrdering wishes
        ? wishes.requiredOrdering()
        : new SortOrder[0];
  }

  @Override
  public String description() {
    return settled().description();
  }

  @Override
  public CustomMetric[] supportedCustomMetrics() {
    return settled().supportedCustomMetrics();
  }
}
