// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.metrics.ReadMetric;
import io.sparkarrays.spark.options.MissingMode;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FrameSource;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportOrdering;
import org.apache.spark.sql.connector.read.SupportsReportPartitioning;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.connector.read.SupportsRuntimeV2Filtering;
import org.apache.spark.sql.connector.read.partitioning.Partitioning;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * One query's read of a data set, and all that Spark may know of it beforehand. Which frames it
 * reads can still become fewer while the query runs.
 */
final class ArrayScan
    implements Scan,
        SupportsReportStatistics,
        SupportsReportPartitioning,
        SupportsReportOrdering,
        SupportsRuntimeV2Filtering {

  private final FrameSource source;
  private final ScanPlan plan;
  private final ReadOptions options;
  private final FramePredicates translator;
  private final ScanPartitioning partitioning;
  private final Optional<ScanStreams> streams;
  private ArrayBatch batch;

  /**
   * @param translator for predicates that come while the query runs
   * @param streams makes a stream of it, if it can be followed
   */
  ArrayScan(
      FrameSource source,
      ScanPlan plan,
      ReadOptions options,
      FramePredicates translator,
      Optional<ScanStreams> streams) {
    this.streams = streams;
    this.source = source;
    this.plan = plan;
    this.options = options;
    this.translator = translator;
    this.partitioning = ScanPartitioning.of(source, plan, !options.taskEachFile());
    this.batch = new ArrayBatch(source, plan, options, partitioning);
  }

  @Override
  public StructType readSchema() {
    return new StructType(
        plan.columns().stream().map(ReadColumn::field).toArray(StructField[]::new));
  }

  /** Always columnar; the default would plan the splits while a query is explained. */
  @Override
  public ColumnarSupportMode columnarSupportMode() {
    return ColumnarSupportMode.SUPPORTED;
  }

  @Override
  public synchronized Batch toBatch() {
    return batch;
  }

  @Override
  public MicroBatchStream toMicroBatchStream(String checkpointLocation) {
    return streams
        .map(made -> made.of(source, new FrameBatches(plan, options)))
        .orElseThrow(() -> new UnsupportedOperationException(description() + " is not followed"));
  }

  /** Index columns and those that tell where a row came from, of those that are read. */
  @Override
  public NamedReference[] filterAttributes() {
    return plan.columns().stream()
        .filter(column -> !(column instanceof ReadColumn.Stored))
        .map(ReadColumn::reference)
        .toArray(NamedReference[]::new);
  }

  /** Spark asks {@link #toBatch} again afterwards. */
  @Override
  public synchronized void filter(Predicate[] predicates) {
    batch = batch.within(new RuntimeFilter(translator).frames(batch.within(), predicates));
  }

  @Override
  public Partitioning outputPartitioning() {
    return partitioning.partitioning();
  }

  @Override
  public SortOrder[] outputOrdering() {
    return partitioning.ordering().toArray(SortOrder[]::new);
  }

  /** Exact: rows are counted, not estimated. */
  @Override
  public Statistics estimateStatistics() {
    // Frames that are skipped must not be counted; only then does it matter which hosts have what.
    FrameIntervals rows =
        options.missing() == MissingMode.SKIP
            ? FrameSelection.of(source, plan, options.missing()).frames()
            : plan.choice().of(plan.frames());
    return new ScanStatistics(plan, source.scans(), rows);
  }

  @Override
  public CustomMetric[] supportedCustomMetrics() {
    return ReadMetric.supported(source.chunked(), source.composed());
  }

  @Override
  public synchronized CustomTaskMetric[] reportDriverMetrics() {
    return batch.planning().map(ScanPlanning::metrics).orElseGet(() -> new CustomTaskMetric[0]);
  }

  /** What {@code EXPLAIN} shows of the scan; it plans no splits only to count them. */
  @Override
  public synchronized String description() {
    String key =
        partitioning.key().map(k -> ", partitioned by: " + k.column().field().name()).orElse("");
    String splits =
        batch
            .planning()
            .map(ScanPlanning::toString)
            .orElse("splits: at most " + options.maxPartitionBytes() + " bytes each");
    return source.description() + " [" + plan + key + ", " + splits + "]";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ArrayScan that
        && source.description().equals(that.source.description())
        && source.scans().equals(that.source.scans())
        && plan.equals(that.plan)
        && options.equals(that.options)
        && partitioning.equals(that.partitioning);
  }

  @Override
  public int hashCode() {
    return 31 * plan.hashCode() + options.hashCode();
  }

  @Override
  public String toString() {
    return description();
  }
}
