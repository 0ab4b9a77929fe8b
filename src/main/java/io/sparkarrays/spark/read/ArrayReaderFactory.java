// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import java.io.Serial;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.util.ArrowUtils;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.util.TaskCompletionListener;

/** Makes the readers of a scan on executors; columnar only. */
final class ArrayReaderFactory implements PartitionReaderFactory {
  @Serial private static final long serialVersionUID = 1L;

  private final ReadTask task;

  ArrayReaderFactory(ReadTask task) {
    this.task = task;
  }

  @Override
  public boolean supportColumnarReads(InputPartition partition) {
    return true;
  }

  @Override
  public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
    TaskContext context = TaskContext.get();
    // A child of Spark's own root, so that its Arrow ways can take buffers over.
    BufferAllocator allocator =
        ArrowUtils.rootAllocator()
            .newChildAllocator("arrays task " + context.taskAttemptId(), 0, Long.MAX_VALUE);
    BatchPool pool = new BatchPool(allocator, memory -> {});
    TaskCompletionListener end = ended -> pool.free();
    context.addTaskCompletionListener(end);
    String host = SparkEnv.get().blockManager().blockManagerId().host();
    return new ArrayPartitionReader(task, ((ArrayInputPartition) partition).splits(), host, pool);
  }

  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    throw new UnsupportedOperationException("Frames are read as columns");
  }
}
