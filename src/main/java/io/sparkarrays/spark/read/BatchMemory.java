// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * The off-heap block of one batch. While a batch is over it, it is the consumer's; when all columns
 * are closed it goes back to its pool. All calls hold the pool's lock or come from the reader.
 */
final class BatchMemory {

  private final BatchPool pool;
  private final BatchLayout layout;
  private final ArrowBuf block;
  private final VectorBuffers[] buffers;
  private VectorSchemaRoot vectors;
  private int references;
  private int openColumns;

  BatchMemory(BatchPool pool, BatchLayout layout, BufferAllocator allocator) {
    this.pool = pool;
    this.layout = layout;
    this.block = allocator.buffer(layout.bytes());
    this.buffers = new VectorBuffers[layout.columns().size()];
    int buffer = 0;
    for (int column = 0; column < buffers.length; column++) {
      List<BufferPlan> plans = layout.columns().get(column).buffers();
      ArrowBuf[] slices = new ArrowBuf[plans.size()];
      for (int i = 0; i < slices.length; i++) {
        slices[i] = block.slice(layout.offset(buffer++), plans.get(i).bytes(layout.rows()));
      }
      buffers[column] = new VectorBuffers(plans, slices, allocator);
    }
  }

  /** The buffers of a column, to be filled before the batch is made. */
  VectorBuffers buffers(int column) {
    return buffers[column];
  }

  /** Begins a batch. */
  void begin() {
    for (VectorBuffers column : buffers) {
      column.begin();
    }
  }

  /** Bytes that values of variable size have been found to need since then. */
  long reservedBytes() {
    long bytes = 0;
    for (VectorBuffers column : buffers) {
      bytes += column.reservedBytes();
    }
    return bytes;
  }

  /** Hands the filled rows over as a batch. */
  ColumnarBatch toBatch(int rows, BufferAllocator allocator) {
    List<ArrowFieldNode> nodes = new ArrayList<>();
    List<ArrowBuf> slices = new ArrayList<>();
    for (int i = 0; i < buffers.length; i++) {
      nodes.addAll(layout.columns().get(i).nodes(rows, buffers[i]));
      buffers[i].addTo(slices);
    }
    vectors = VectorSchemaRoot.create(layout.schema(), allocator);
    try (ArrowRecordBatch batch = new ArrowRecordBatch(rows, nodes, slices)) {
      new VectorLoader(vectors).load(batch);
    }
    references = block.refCnt();
    for (VectorBuffers column : buffers) {
      column.handOver();
    }
    ColumnVector[] columns = new ColumnVector[buffers.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = new BatchColumn(vectors.getVector(i), pool, this);
    }
    openColumns = columns.length;
    return new ColumnarBatch(columns, rows);
  }

  /**
   * One column was closed.
   *
   * @return whether it was the last
   */
  boolean columnClosed() {
    return --openColumns == 0;
  }

  /**
   * Takes the block back from the vectors.
   *
   * @return whether nobody else has kept or taken over a part of it
   */
  boolean reclaim() {
    boolean untouched = block.refCnt() == references;
    for (VectorBuffers column : buffers) {
      untouched &= column.untouched();
    }
    closeVectors();
    return untouched;
  }

  private void closeVectors() {
    if (vectors != null) {
      vectors.close();
      vectors = null;
    }
  }

  /** Gives up the block; who else holds a part of it keeps that. */
  void free() {
    closeVectors();
    for (VectorBuffers column : buffers) {
      column.free();
    }
    block.close();
  }

  /** Overwrites what frames and other values lie in, so that tests see who still looks at it. */
  void fillData(byte value) {
    for (VectorBuffers column : buffers) {
      column.fillData(value);
    }
  }
}
