// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import org.apache.arrow.vector.ValueVector;
import org.apache.spark.sql.vectorized.ArrowColumnVector;

/**
 * A column of a batch. An {@link ArrowColumnVector}, whatever it holds, because Spark sends only
 * those to Python without a copy; functions over frames reach the memory through {@link
 * #getValueVector()}. Closing it, any number of times, also after the task's end, gives its share
 * of the batch's memory back to the pool.
 */
final class BatchColumn extends ArrowColumnVector {

  private final BatchPool pool;
  private BatchMemory memory;

  BatchColumn(ValueVector vector, BatchPool pool, BatchMemory memory) {
    super(vector);
    this.pool = pool;
    this.memory = memory;
  }

  @Override
  public void close() {
    BatchMemory mine = memory;
    memory = null;
    if (mine != null) {
      pool.columnClosed(mine);
    }
  }
}
