// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import java.io.Serial;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** Makes the readers of a stream's tasks on executors; columnar only. */
final class StreamReaderFactory implements PartitionReaderFactory {
  @Serial private static final long serialVersionUID = 1L;

  @Override
  public boolean supportColumnarReads(InputPartition partition) {
    return true;
  }

  @Override
  public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
    StreamInputPartition all = (StreamInputPartition) partition;
    return new ArrayReaderFactory(all.task()).createColumnarReader(all.frames());
  }

  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    throw new UnsupportedOperationException("Frames are read as columns");
  }
}
