// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;

/** Writes all rows of a task, in their order, into one file. Used by one thread. */
public interface TableFileWriter extends Closeable {

  /** Makes writers in tasks. */
  @FunctionalInterface
  interface Factory extends Serializable {
    /**
     * Begins a file.
     *
     * @param part the task's place among those of the write, which is the file's number
     */
    TableFileWriter open(int part) throws IOException;
  }

  /** Takes a row, which is valid during the call only. */
  void write(InternalRow row) throws IOException;

  /**
   * Makes the whole file durable under a hidden name, ready to be published by the driver. Of the
   * attempts at a task only one at a time gets here; what one before has sealed is replaced, or is
   * cleared away with all that the job does not publish.
   *
   * @return its size in bytes
   */
  long seal() throws IOException;

  /** What the driver shall know of the sealed file; null for nothing. */
  default Serializable report() {
    return null;
  }

  /** Discards the file unless it was sealed. */
  @Override
  void close() throws IOException;
}
