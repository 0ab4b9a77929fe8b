// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.spark.metrics.ReadMetric;
import io.sparkarrays.spark.options.MissingMode;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FrameSource;
import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * One query's read of a data set. Two scans are equal when they give the same rows by the same
 * options, which lets Spark read once what a query wants twice.
 */
final class ArrayScan implements Scan, Batch, SupportsReportStatistics {

  private final FrameSource source;
  private final ScanPlan plan;
  private final ReadOptions options;
  private List<ArrayInputPartition> partitions;

  ArrayScan(FrameSource source, ScanPlan plan, ReadOptions options) {
    this.source = source;
    this.plan = plan;
    this.options = options;
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
  public Batch toBatch() {
    return this;
  }

  @Override
  public synchronized InputPartition[] planInputPartitions() {
    if (partitions == null) {
      FrameSelection selection = FrameSelection.of(source, plan, options.missing());
      partitions =
          new SplitPlanner(options.maxPartitionBytes(), parallelism())
              .plan(selection, plan.readBytes());
    }
    return partitions.toArray(InputPartition[]::new);
  }

  private static int parallelism() {
    return SparkSession.active().sparkContext().defaultParallelism();
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new ArrayReaderFactory(
        new ReadTask(
            source.opener(),
            source.scan(),
            source.description(),
            plan.columns(),
            options.batchBytes()));
  }

  /** Exact: rows are counted, not estimated. */
  @Override
  public Statistics estimateStatistics() {
    // Frames that are skipped must not be counted; only then does it matter which hosts have what.
    long counted =
        options.missing() == MissingMode.SKIP
            ? FrameSelection.of(source, plan, options.missing()).frames().count()
            : plan.choice().count(plan.frames().count());
    long bytes = Math.multiplyExact(counted, plan.rowBytes());
    return new Statistics() {
      @Override
      public OptionalLong sizeInBytes() {
        return OptionalLong.of(bytes);
      }

      @Override
      public OptionalLong numRows() {
        return OptionalLong.of(counted);
      }
    };
  }

  @Override
  public CustomMetric[] supportedCustomMetrics() {
    return ReadMetric.supported();
  }

  /** What {@code EXPLAIN} shows of the scan; it plans no splits only to count them. */
  @Override
  public synchronized String description() {
    String splits =
        partitions == null
            ? "at most " + options.maxPartitionBytes() + " bytes each"
            : Integer.toString(partitions.size());
    return source.description() + " [" + plan + ", splits: " + splits + "]";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ArrayScan that
        && source.description().equals(that.source.description())
        && source.scan().equals(that.source.scan())
        && plan.equals(that.plan)
        && options.equals(that.options);
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
