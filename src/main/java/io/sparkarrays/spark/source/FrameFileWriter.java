// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;

/** Writes the frames of one file in a task, in any order, each once. Used by one thread. */
public interface FrameFileWriter extends Closeable {

  /** Makes writers in tasks. */
  @FunctionalInterface
  interface Factory extends Serializable {
    /**
     * Begins a file.
     *
     * @param file its number
     * @param host the name of the task's host, as the scheduler knows it
     * @throws io.sparkarrays.core.ArrayException {@code PARTITION_EXISTS} if it may not be written
     */
    FrameFileWriter open(int file, String host) throws IOException;
  }

  /**
   * Takes a frame, in the stored dtype and C order: the remaining bytes of the buffer.
   *
   * @param frame its index in the scan
   */
  void write(long frame, ByteBuffer bytes) throws IOException;

  /** Makes the whole file durable where no reader finds it, ready to be published by the driver. */
  SealedFile seal() throws IOException;

  /** Discards the file unless it was sealed. */
  @Override
  void close() throws IOException;

  /** Discards a file that was sealed, because its task will not commit after all. */
  void unseal() throws IOException;
}
