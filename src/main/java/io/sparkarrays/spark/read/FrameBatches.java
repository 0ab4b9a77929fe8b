// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FrameSource;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/** Makes the tasks of each batch of a stream, as those of a batch query are made. */
public final class FrameBatches {

  private final ScanPlan plan;
  private final ReadOptions options;

  FrameBatches(ScanPlan plan, ReadOptions options) {
    this.plan = plan;
    this.options = options;
  }

  /** Stored bytes that are read for a frame; 0 if only its index is wanted. */
  public long frameBytes() {
    return plan.readBytes();
  }

  /**
   * The tasks that read some frames.
   *
   * @param source the data set as it is for this batch
   */
  public InputPartition[] partitions(FrameSource source, FrameIntervals frames) {
    ScanPlan batch =
        new ScanPlan(plan.columns(), frames, FrameChoice.ALL, List.of(), List.of(), List.of());
    FrameSelection selection = FrameSelection.of(source, batch, options.missing());
    List<ArrayInputPartition> partitions =
        options.taskEachFile()
            ? SplitPlanner.eachFile(selection, plan.rowBytes())
            : new SplitPlanner(
                    options.maxPartitionBytes(),
                    SparkSession.active().sparkContext().defaultParallelism(),
                    Optional.empty(),
                    source.divisible())
                .plan(selection, plan.readBytes(), plan.rowBytes());
    ReadTask task =
        new ReadTask(
            source.opener(),
            source.scans(),
            source.dataset(),
            plan.columns(),
            options.batchBytes());
    return partitions.stream()
        .map(partition -> new StreamInputPartition(partition, task))
        .toArray(InputPartition[]::new);
  }

  /** Reads the partitions of any batch. */
  public PartitionReaderFactory readers() {
    return new StreamReaderFactory();
  }
}
