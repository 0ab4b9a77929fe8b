// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

/**
 * One write of rows that stay in the tasks where they are, on the driver: each task makes one file,
 * and all files are published together. Calls come in this order: {@link #begin}, tasks write, then
 * {@link #commit} or {@link #abort}.
 */
public interface TableSink {

  /** What is written, for messages and plans. */
  String description();

  /**
   * Gives what tasks write with.
   *
   * @param tasks how many there will be, those without rows counted
   */
  TableFileWriter.Factory begin(int tasks);

  /**
   * Publishes the files that tasks sealed, all of them or none.
   *
   * @throws io.sparkarrays.core.ArrayException {@code COMMIT_FAILED}; it says what stands
   */
  void commit();

  /** Removes everything that was not published. Does nothing after a commit that got through. */
  void abort();
}
