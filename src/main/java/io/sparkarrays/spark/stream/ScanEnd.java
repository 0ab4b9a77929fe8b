// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stream;

import io.sparkarrays.spark.options.StreamOptions.EndOn;
import io.sparkarrays.spark.source.FollowedFile;
import java.time.Duration;

/**
 * What ends live scans.
 *
 * @param endOn the sign of it
 * @param timeout how long nothing may come, whatever the sign is
 */
record ScanEnd(EndOn endOn, Duration timeout) {

  /**
   * Whether all scans have ended, as of the last look at them.
   *
   * @param known whether there is a scan
   * @param files those that may go on
   * @param idleNanos how long nothing came
   */
  boolean isReached(boolean known, Iterable<FollowedFile> files, long idleNanos) {
    if (endOn == EndOn.NEVER) {
      return false;
    }
    if (endOn == EndOn.NOW || idleNanos >= timeout.toNanos()) {
      return true;
    }
    if (endOn == EndOn.TIMEOUT) {
      return false;
    }
    for (FollowedFile file : files) {
      boolean finished = endOn == EndOn.FINISHED && file.finished() && file.late() == 0;
      if (!finished && !file.complete()) {
        return false;
      }
    }
    return known;
  }
}
