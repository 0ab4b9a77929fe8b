// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
  private final List<ArrowBuf> slices = new ArrayList<>();
  private final ByteBuffer[][] buffers;
  private VectorSchemaRoot vectors;
  private int references;
  private int openColumns;

  BatchMemory(BatchPool pool, BatchLayout layout, BufferAllocator allocator) {
    this.pool = pool;
    this.layout = layout;
    this.block = allocator.buffer(layout.bytes());
    this.buffers = new ByteBuffer[layout.columns().size()][];
    for (int column = 0; column < buffers.length; column++) {
      List<BufferPlan> plans = layout.columns().get(column).buffers();
      buffers[column] = new ByteBuffer[plans.size()];
      for (int i = 0; i < plans.size(); i++) {
        long offset = layout.offset(slices.size());
        int size = Math.toIntExact(plans.get(i).bytes(layout.rows()));
        ByteBuffer buffer = block.nioBuffer(offset, size).order(ByteOrder.LITTLE_ENDIAN);
        plans.get(i).prepare(buffer);
        buffers[column][i] = buffer;
        slices.add(block.slice(offset, size));
      }
    }
  }

  /** The buffers of a column, to be filled before the batch is made. */
  ByteBuffer[] buffers(int column) {
    return buffers[column];
  }

  /** Hands the filled rows over as a batch. */
  ColumnarBatch toBatch(int rows, BufferAllocator allocator) {
    List<ArrowFieldNode> nodes = new ArrayList<>();
    layout.columns().forEach(column -> nodes.addAll(column.nodes(rows)));
    vectors = VectorSchemaRoot.create(layout.schema(), allocator);
    try (ArrowRecordBatch batch = new ArrowRecordBatch(rows, nodes, slices)) {
      new VectorLoader(vectors).load(batch);
    }
    references = block.refCnt();
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
    block.close();
  }

  /** Overwrites what frames and other values lie in, so that tests see who still looks at it. */
  void fillData(byte value) {
    for (int column = 0; column < buffers.length; column++) {
      List<BufferPlan> plans = layout.columns().get(column).buffers();
      for (int i = 0; i < plans.size(); i++) {
        if (plans.get(i).kind() == BufferPlan.Kind.DATA) {
          ByteBuffer data = buffers[column][i];
          for (int at = 0; at < data.capacity(); at++) {
            data.put(at, value);
          }
        }
      }
    }
  }
}
