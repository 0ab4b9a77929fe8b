// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.spark.source.FrameRange;
import java.util.List;

/**
 * Walks through the frames of a task's splits as runs of neighbouring frames of one file. One
 * object for the whole walk: its fields are those of the run it stands on. Used by one thread.
 */
final class FrameRun {

  private final List<FrameSplit> splits;
  private int split = -1;
  private int interval;
  private long from;
  private long to;

  FrameRun(List<FrameSplit> splits) {
    this.splits = splits;
  }

  /**
   * Goes to the next run.
   *
   * @param limit most frames that it may have, at least 1
   * @return whether there is one
   */
  boolean advance(long limit) {
    long next = to;
    while (split < 0 || next == splits.get(split).frames().to(interval)) {
      if (split >= 0 && interval + 1 < splits.get(split).frames().size()) {
        interval++;
      } else if (split + 1 < splits.size()) {
        split++;
        interval = 0;
      } else {
        from = to;
        return false;
      }
      next = splits.get(split).frames().from(interval);
    }
    from = next;
    to = Math.min(splits.get(split).frames().to(interval), from + limit);
    return true;
  }

  /** The file that holds the run. */
  FrameRange range() {
    return splits.get(split).range();
  }

  /** First frame of the run, counted in the table. */
  long from() {
    return from;
  }

  /** One past its last frame. */
  long to() {
    return to;
  }

  /** Number of frames of the run; a batch holds no more than an {@code int}. */
  int frames() {
    return Math.toIntExact(to - from);
  }
}
