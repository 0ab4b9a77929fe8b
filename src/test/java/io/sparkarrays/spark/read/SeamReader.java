// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FrameSource;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.util.ArrowUtils;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * A read from the opened source to the batches by the connector's own planner and readers, without
 * a Spark job. The splits are planned when it is made, so a test can change the files in between.
 */
public final class SeamReader {

  private final ReadTask task;
  private final InputPartition[] partitions;
  private long peak;

  /**
   * Plans to read all frames.
   *
   * @param options with {@code frames = binary}
   */
  public SeamReader(FrameSource source, ReadOptions options) {
    TableSchema schema = TableSchema.of(source, options);
    ArrayScan scan = (ArrayScan) new ArrayScanBuilder(source, schema, options).build();
    // Spark asks for these of every scan.
    scan.estimateStatistics();
    partitions = scan.toBatch().planInputPartitions();
    task =
        new ReadTask(
            source.opener(),
            source.scan(),
            source.description(),
            schema.visibleColumns(),
            options.batchBytes());
  }

  /** Frames by index: the first ones only, and at least so many if there are. */
  public Map<Long, byte[]> read(int most) throws IOException {
    Map<Long, byte[]> frames = new LinkedHashMap<>();
    for (InputPartition partition : partitions) {
      if (frames.size() >= most) {
        break;
      }
      read(((ArrayInputPartition) partition).splits(), most, frames);
    }
    return frames;
  }

  private void read(List<FrameSplit> splits, int most, Map<Long, byte[]> frames)
      throws IOException {
    try (BufferAllocator parent =
        ArrowUtils.rootAllocator().newChildAllocator("seam", 0, Long.MAX_VALUE)) {
      BatchPool pool =
          new BatchPool(parent.newChildAllocator("task", 0, Long.MAX_VALUE), memory -> {});
      try (ArrayPartitionReader reader = new ArrayPartitionReader(task, splits, "here", pool)) {
        while (frames.size() < most && reader.next()) {
          ColumnarBatch batch = reader.get();
          int last = batch.numCols() - 1;
          for (int row = 0; row < batch.numRows() && frames.size() < most; row++) {
            frames.put(batch.column(0).getLong(row), batch.column(last).getBinary(row));
          }
          batch.close();
        }
      } finally {
        pool.free();
        peak = Math.max(peak, parent.getPeakMemoryAllocation());
      }
    }
  }

  /** Most bytes of Arrow memory that a task of this read had at once. */
  public long peakBytes() {
    return peak;
  }
}
