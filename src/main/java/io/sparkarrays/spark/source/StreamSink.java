// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import java.io.Serializable;
import java.util.List;

/**
 * The write of one epoch of a streaming query, on the driver. Spark writes an epoch again, with the
 * same rows, if it does not know how the last attempt ended, so an epoch that was committed before
 * changes nothing. Calls come in this order: {@link #begin}, tasks write, then {@link #commit} or
 * {@link #abort}.
 */
public interface StreamSink {

  /** What is written, for messages and plans. */
  String description();

  /**
   * Finishes or undoes what an interrupted attempt has left, and gives what tasks write with. Which
   * epoch it is, Spark tells only the tasks, and {@link #commit}.
   *
   * @param tasks how many there will be, those without rows counted
   */
  StreamTask.Factory begin(int tasks);

  /**
   * Publishes what tasks sealed. After this returns, Spark takes the epoch's rows for written.
   *
   * @param sealed what {@link StreamTask#seal} gave in each task
   * @throws io.sparkarrays.core.ArrayException {@code COMMIT_FAILED}; the query ends, and the epoch
   *     is written again when it is restarted
   */
  void commit(long epoch, List<Serializable> sealed);

  /** Removes what was not published, as far as it can. */
  void abort(long epoch);
}
