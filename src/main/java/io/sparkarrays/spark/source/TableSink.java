// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import java.io.Serializable;
import java.util.List;

/**
 * One write of rows that stay in the tasks where they are, on the driver, unless the sink wants
 * them in an order: each task makes one file, and all files are published together. Calls come in
 * this order: {@link #begin}, tasks write, then {@link #commit} or {@link #abort}.
 */
public interface TableSink {

  /** What is written, for messages and plans. */
  String description();

  /**
   * Columns by which all rows are sorted, and each task gets a range of them; none if rows stay
   * where they are.
   */
  default List<String> order() {
    return List.of();
  }

  /** How many tasks there shall be of sorted rows; 0 leaves it to Spark. */
  default int tasks() {
    return 0;
  }

  /**
   * Gives what tasks write with.
   *
   * @param tasks how many there will be, those without rows counted
   */
  TableFileWriter.Factory begin(int tasks);

  /**
   * Publishes the files that tasks sealed, all of them or none.
   *
   * @param reports what the tasks told, in the order of their places; null of those that told
   *     nothing
   * @throws io.sparkarrays.core.ArrayException {@code COMMIT_FAILED}; it says what stands
   */
  void commit(List<Serializable> reports);

  /** Removes everything that was not published. Does nothing after a commit that got through. */
  void abort();
}
