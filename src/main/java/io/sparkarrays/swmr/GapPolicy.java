// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;

/**
 * When to go on past frames that are missing while later ones are there. A frame that was skipped
 * is given once it comes.
 */
public final class GapPolicy implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private static final long NEVER = Long.MAX_VALUE;

  /** Never: frames come in order, and the first one that is missing stops all behind it. */
  public static final GapPolicy WAIT = new GapPolicy(NEVER, NEVER);

  private final long frames;
  private final long nanos;

  private GapPolicy(long frames, long nanos) {
    this.frames = frames;
    this.nanos = nanos;
  }

  /** Skips a missing frame once one is there that is so many frames further on. */
  public static GapPolicy skipAfter(long frames) {
    if (frames < 1) {
      throw new IllegalArgumentException("a gap of " + frames + " frames");
    }
    return new GapPolicy(frames, NEVER);
  }

  /** Skips a missing frame once a later one has been there for so long. */
  public static GapPolicy skipAfter(Duration time) {
    return new GapPolicy(NEVER, time.toNanos());
  }

  /** Skips when either of two policies does. */
  public GapPolicy or(GapPolicy other) {
    return new GapPolicy(Math.min(frames, other.frames), Math.min(nanos, other.nanos));
  }

  boolean waits() {
    return frames == NEVER && nanos == NEVER;
  }

  /** How many frames further on one must be there. */
  long frames() {
    return frames;
  }

  /** How long one must have been there. */
  long nanos() {
    return nanos;
  }
}
