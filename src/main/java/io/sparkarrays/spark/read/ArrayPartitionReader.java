// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.spark.source.FrameRange;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
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
  private final OpenFile files;
  private final List<ColumnFiller> columns;
  private final int[] order;
  private final BatchLayout layout;
  private final long batchBytes;

  /** Null if all rows are of one size. */
  private final BatchPace pace;

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
    this.files = new OpenFile(task.opener(), ColumnFillers.stored(task), host, counters);
    List<FrameRange> ranges = splits.stream().map(FrameSplit::range).toList();
    this.columns = new ColumnFillers(task, ranges, files, pool).make();
    // What sees frames on their way is filled after what reads them.
    this.order =
        IntStream.range(0, columns.size())
            .boxed()
            .sorted(Comparator.comparing(i -> columns.get(i) instanceof StatsFiller))
            .mapToInt(i -> i)
            .toArray();
    List<VectorPlan> plans = columns.stream().map(ColumnFiller::plan).toList();
    long frames = splits.stream().mapToLong(s -> s.frames().count()).sum();
    // A batch must not read much more than it gives: consumers may want only a few rows.
    long most = task.batchBytes() / Math.max(1, ReadColumn.Stored.bytes(task.columns()));
    this.batchBytes = task.batchBytes();
    this.pace =
        plans.stream().anyMatch(VectorPlan::variable) ? new BatchPace(task.batchBytes()) : null;
    this.layout = new BatchLayout(plans, task.batchBytes(), Math.min(frames, most));
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
    if (!run.advance(most(0))) {
      return null;
    }
    BatchMemory memory = pool.take(layout);
    memory.begin();
    int rows = 0;
    long bytes = 0;
    do {
      for (int i : order) {
        columns.get(i).fill(memory.buffers(i), rows, run);
      }
      rows += run.frames();
      if (pace != null) {
        pace.took(run.frames(), memory.reservedBytes() - bytes);
        bytes = memory.reservedBytes();
      }
    } while (rows < layout.rows() && bytes < batchBytes && run.advance(most(rows)));
    return pool.toBatch(memory, rows);
  }

  /** Most rows to read next into a batch that has some. */
  private long most(int rows) {
    int left = layout.rows() - rows;
    return pace == null ? left : Math.min(left, pace.next());
  }

  @Override
  public ColumnarBatch get() {
    return batch;
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    return counters.values(files.openChunks(), files.openSources());
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
