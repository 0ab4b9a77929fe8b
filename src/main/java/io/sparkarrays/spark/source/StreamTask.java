// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;

/** Writes the rows of one task of a streaming query's epoch. Used by one thread. */
public interface StreamTask extends Closeable {

  /** Makes writers in tasks. */
  @FunctionalInterface
  interface Factory extends Serializable {
    /**
     * Begins a task's rows.
     *
     * @param task its number in the epoch
     * @param host the name of the task's host, as the scheduler knows it
     */
    StreamTask open(int task, long epoch, String host) throws IOException;
  }

  /** Takes a row. */
  void write(InternalRow row) throws IOException;

  /** Bytes written, in their stored form; some formats know them only when the task is sealed. */
  long bytes();

  /** Makes all rows durable where no reader finds them, and tells the driver where. */
  Serializable seal() throws IOException;

  /** Discards what was sealed, because the task will not commit after all. */
  void unseal() throws IOException;

  /** Discards the rows unless they were sealed. */
  @Override
  void close() throws IOException;
}
