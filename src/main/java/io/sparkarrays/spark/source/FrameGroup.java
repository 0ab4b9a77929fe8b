// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import io.sparkarrays.core.FrameIntervals;
import java.util.List;

/**
 * Frames of one range that are best read by the same task, because the same files hold them.
 *
 * @param frames the frames
 * @param hosts the hosts that have most of their bytes, where only some do; empty when it makes no
 *     difference
 * @param unit how many of them, counted from the first, are stored together
 * @param sources the files that hold them, as people shall read it, where that was asked
 */
public record FrameGroup(FrameIntervals frames, List<String> hosts, long unit, String sources) {

  /** All frames of a range. */
  public static FrameGroup of(FrameRange range) {
    return new FrameGroup(
        FrameIntervals.of(range.from(), range.to()), range.hosts(), range.unit(), range.sources());
  }
}
