// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Reads a task's frames as columnar batches of about the wanted size. A batch may hold frames of
 * several runs and files, so a sparse selection doesn't make small batches. A file is opened when
 * its first frame is read; a scan without frame columns opens none. Used by one thread.
 */
final class ArrayPartitionReader implements PartitionReader<ColumnarBatch> {

  /** Rows of a batch that has no columns. */
  private static final int COUNTED_ROWS = 1 << 16;

  private final BatchPool pool;
  private final FrameRun run;
  private final ReadCounters counters = new ReadCounters();
  private final SplitFiles files;
  private final List<ColumnFiller> columns = new ArrayList<>();
  private final BatchLayout layout;
  private ColumnarBatch batch;

  /**
   * @param pool this reader's own; freed by the caller at the task's end
   * @param host this executor's host
   * @throws ArrayException {@code FRAME_TOO_LARGE}
   */
  ArrayPartitionReader(ReadTask task, List<FrameSplit> splits, String host, BatchPool pool) {
    BatchLayout.requireReadable(task.columns());
    this.pool = pool;
    this.run = new FrameRun(splits);
    List<FrameColumn> frameColumns = new ArrayList<>();
    for (ReadColumn column : task.columns()) {
      if (column instanceof ReadColumn.Frames frames) {
        frameColumns.add(frames.column());
      }
    }
    this.files = new SplitFiles(task.opener(), frameColumns, host, counters);
    int place = 0;
    List<FrameRange> ranges = splits.stream().map(FrameSplit::range).toList();
    for (ReadColumn column : task.columns()) {
      if (column instanceof ReadColumn.Frames frames) {
        columns.add(new FramesFiller(frames, place++, files, pool));
      } else {
        columns.add(computed(column, task, ranges));
      }
    }
    long frames = splits.stream().mapToLong(s -> s.frames().count()).sum();
    List<VectorPlan> plans = columns.stream().map(ColumnFiller::plan).toList();
    this.layout = new BatchLayout(plans, task.batchBytes(), frames);
  }

  private static ColumnFiller computed(ReadColumn column, ReadTask task, List<FrameRange> ranges) {
    if (column instanceof ReadColumn.ScanCoordinate scan) {
      return NumberFiller.coordinate(scan.field(), task.scan(), scan.axis());
    }
    if (column instanceof ReadColumn.Metadata metadata) {
      return switch (metadata.which()) {
        case FILE -> new TextFiller(metadata.field(), ranges, FrameRange::file);
        case DATASET -> new TextFiller(metadata.field(), ranges, range -> task.dataset());
        case OFFSET -> NumberFiller.offset(metadata.field());
        case PARTITION -> NumberFiller.partition(metadata.field());
      };
    }
    return NumberFiller.frameIndex(column.field());
  }

  @Override
  public boolean next() throws IOException {
    // The consumer may still hold the batch before, so this only forgets it.
    batch = null;
    long start = System.nanoTime();
    batch = columns.isEmpty() ? countRows() : readRows();
    if (batch == null) {
      return false;
    }
    counters.batch(batch.numRows(), System.nanoTime() - start);
    return true;
  }

  private ColumnarBatch countRows() {
    int rows = 0;
    while (rows < COUNTED_ROWS && run.advance(COUNTED_ROWS - rows)) {
      rows += run.frames();
    }
    return rows == 0 ? null : new ColumnarBatch(new ColumnVector[0], rows);
  }

  private ColumnarBatch readRows() throws IOException {
    if (!run.advance(layout.rows())) {
      return null;
    }
    BatchMemory memory = pool.take(layout);
    int rows = 0;
    do {
      for (int i = 0; i < columns.size(); i++) {
        columns.get(i).fill(memory.buffers(i), rows, run);
      }
      rows += run.frames();
    } while (rows < layout.rows() && run.advance(layout.rows() - rows));
    return pool.toBatch(memory, rows);
  }

  @Override
  public ColumnarBatch get() {
    return batch;
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    return counters.values(files.openChunks());
  }

  @Override
  @SuppressWarnings("deprecation") // Spark before 4.2 knows no other way.
  public void initMetricsValues(CustomTaskMetric[] metrics) {
    counters.continueFrom(metrics);
  }

  /** Closes files only: batches belong to their consumers until the task ends. */
  @Override
  public void close() throws IOException {
    files.close();
  }
}
