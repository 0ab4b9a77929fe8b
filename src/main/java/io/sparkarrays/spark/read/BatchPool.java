// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The off-heap memory of one reader. Consumers may keep a batch past the reader's {@code next()}
 * and {@code close()}; its memory is used again only when they have closed all its columns, and all
 * of it is freed at the end of the task. From then on nothing here touches memory.
 *
 * <p>Thread-safe, since consumers may close batches from another thread of the task.
 */
final class BatchPool {
  private static final Logger LOG = LoggerFactory.getLogger(BatchPool.class);

  private final BufferAllocator allocator;
  private final Consumer<BatchMemory> onReturn;
  private final List<BatchMemory> all = new ArrayList<>();
  private final Deque<BatchMemory> idle = new ArrayDeque<>();
  private ArrowBuf scratch;
  private boolean freed;

  /**
   * @param allocator this pool's own; closed with it
   * @param onReturn sees memory that comes back from a batch or is about to be freed
   */
  BatchPool(BufferAllocator allocator, Consumer<BatchMemory> onReturn) {
    this.allocator = allocator;
    this.onReturn = onReturn;
  }

  /** Memory for one batch; a reader uses one layout throughout. */
  synchronized BatchMemory take(BatchLayout layout) {
    if (freed) {
      throw new IllegalStateException("The task has ended");
    }
    BatchMemory memory = idle.poll();
    if (memory == null) {
      memory = new BatchMemory(this, layout, allocator);
      all.add(memory);
    }
    return memory;
  }

  /** Makes a batch of filled memory. */
  synchronized ColumnarBatch toBatch(BatchMemory memory, int rows) {
    return memory.toBatch(rows, allocator);
  }

  /** A direct buffer of that size for bytes on their way; valid until the next call. */
  synchronized ByteBuffer scratch(int bytes) {
    if (scratch == null || scratch.capacity() < bytes) {
      if (scratch != null) {
        scratch.close();
        scratch = null;
      }
      scratch = allocator.buffer(bytes);
    }
    return scratch.nioBuffer(0, bytes);
  }

  /** A column of a batch was closed for the first time. */
  synchronized void columnClosed(BatchMemory memory) {
    if (freed || !memory.columnClosed()) {
      return;
    }
    if (memory.reclaim()) {
      onReturn.accept(memory);
      idle.push(memory);
    } else {
      // Somebody holds a part of it beyond the batch: it is theirs now.
      all.remove(memory);
      memory.free();
    }
  }

  /** Frees all memory, batches that are still open included; for the end of the task. */
  synchronized void free() {
    if (freed) {
      return;
    }
    freed = true;
    for (BatchMemory memory : all) {
      onReturn.accept(memory);
      memory.free();
    }
    all.clear();
    idle.clear();
    if (scratch != null) {
      scratch.close();
      scratch = null;
    }
    try {
      allocator.close();
    } catch (IllegalStateException e) {
      // The task's work is done and right; who kept vectors frees them by himself.
      LOG.warn("Vectors of a finished task are still in use elsewhere", e);
    }
  }
}
