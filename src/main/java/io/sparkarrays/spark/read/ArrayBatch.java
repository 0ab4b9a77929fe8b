// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FrameSource;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/**
 * The splits of a scan, planned when they are first asked for. Two batches are equal when they give
 * the same rows by the same options, which lets Spark read once what a query wants twice.
 */
final class ArrayBatch implements Batch {

  private final FrameSource source;
  private final ScanPlan plan;
  private final ReadOptions options;
  private final ScanPartitioning partitioning;
  private final FrameIntervals within;
  private final Optional<ArrayBatch> whole;
  private List<ArrayInputPartition> partitions;
  private ScanPlanning planning;

  /** All frames of a plan. */
  ArrayBatch(
      FrameSource source, ScanPlan plan, ReadOptions options, ScanPartitioning partitioning) {
    this.source = source;
    this.plan = plan;
    this.options = options;
    this.partitioning = partitioning;
    this.within = source.scans().all();
    this.whole = Optional.empty();
  }

  private ArrayBatch(ArrayBatch whole, FrameIntervals within) {
    this.source = whole.source;
    this.plan = whole.plan;
    this.options = whole.options;
    this.partitioning = whole.partitioning;
    this.within = within;
    this.whole = Optional.of(whole);
  }

  /** The batch of those of this one's frames that are also in a set. */
  ArrayBatch within(FrameIntervals frames) {
    return new ArrayBatch(whole.orElse(this), within.intersect(frames));
  }

  /** The frames that are known to be needed, as a superset of those to read. */
  FrameIntervals within() {
    return within;
  }

  @Override
  public synchronized InputPartition[] planInputPartitions() {
    return partitions().toArray(InputPartition[]::new);
  }

  private synchronized List<ArrayInputPartition> partitions() {
    if (partitions == null) {
      long start = System.nanoTime();
      if (whole.isPresent() && partitioning.key().isPresent()) {
        // Spark has built on the whole's keys and on how many splits each has: there may be fewer.
        partitions =
            whole.get().partitions().stream()
                .flatMap(partition -> partition.within(within).stream())
                .toList();
      } else {
        FrameSelection selection = FrameSelection.of(source, plan, options.missing(), within);
        partitions =
            options.taskEachFile()
                ? SplitPlanner.eachFile(selection, plan.rowBytes())
                : new SplitPlanner(
                        options.maxPartitionBytes(),
                        parallelism(),
                        partitioning.key(),
                        source.divisible(),
                        range -> source.groups(range, plan.tellsSource()))
                    .plan(selection, plan.readBytes(), plan.rowBytes());
      }
      planning =
          ScanPlanning.of(
              source.files().ranges(),
              plan.frames().intersect(within),
              source.scans().rows(),
              partitions,
              System.nanoTime() - start);
    }
    return partitions;
  }

  private static int parallelism() {
    return SparkSession.active().sparkContext().defaultParallelism();
  }

  /** What the planning came to; nothing while nobody has asked for the splits. */
  synchronized Optional<ScanPlanning> planning() {
    return Optional.ofNullable(planning);
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new ArrayReaderFactory(
        new ReadTask(
            source.opener(),
            source.scans(),
            source.dataset(),
            plan.columns(),
            options.batchBytes()));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ArrayBatch that
        && source.description().equals(that.source.description())
        && source.scans().equals(that.source.scans())
        && plan.equals(that.plan)
        && options.equals(that.options)
        && partitioning.equals(that.partitioning)
        && within.equals(that.within);
  }

  @Override
  public int hashCode() {
    return 31 * plan.hashCode() + options.hashCode();
  }

  @Override
  public String toString() {
    return source.description() + " [" + plan + "]";
  }
}
