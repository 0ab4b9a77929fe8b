// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.Serializable;

/**
 * How far a scan was followed: all that must be kept to go on from there. Two states alone say
 * which frames came between them, so that the same frames are given again after a failure, whatever
 * was written since.
 *
 * @param next the first frame that is neither given nor skipped
 * @param skipped frames before it that were skipped, and have not come since
 */
public record FrontierState(long next, FrameIntervals skipped) implements Serializable {

  /** Before the first frame. */
  public static final FrontierState START = at(0);

  /** Checks that what is skipped lies before the next frame. */
  public FrontierState {
    int last = skipped.size() - 1;
    if (next < 0 || (last >= 0 && (skipped.from(0) < 0 || skipped.to(last) > next))) {
      throw new IllegalArgumentException("skipped " + skipped + " before frame " + next);
    }
  }

  /** Before a frame; those before it are not wanted. */
  public static FrontierState at(long next) {
    return new FrontierState(next, FrameIntervals.EMPTY);
  }

  /** The frames that came since an earlier state of the same scan, late ones among them. */
  public FrameIntervals since(FrontierState earlier) {
    FrameIntervals before = FrameIntervals.of(earlier.next, next).union(earlier.skipped);
    return before.intersect(skipped.complement(next));
  }

  /**
   * A state between an earlier one and this: no more than so many frames after the earlier one, the
   * lowest first, so that late frames are not kept waiting.
   *
   * @param frames at least 1
   */
  public FrontierState limit(FrontierState earlier, long frames) {
    FrameIntervals all = since(earlier);
    if (frames < 1 || all.count() <= frames) {
      return frames < 1 ? earlier : this;
    }
    FrameIntervals taken = all.first(frames);
    long end = Math.max(earlier.next, taken.to(taken.size() - 1));
    FrameIntervals open = earlier.skipped.union(skipped.within(earlier.next, end));
    return new FrontierState(end, open.intersect(taken.complement(end)));
  }

  /**
   * The last state between an earlier one and this whose next frame is a multiple of a number;
   * frames that came late are in it.
   *
   * @param unit at least 1
   */
  public FrontierState align(FrontierState earlier, long unit) {
    long end = Math.max(earlier.next, next / unit * unit);
    return end == next ? this : new FrontierState(end, skipped.within(0, end));
  }
}
