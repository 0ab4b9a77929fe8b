// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import java.util.Optional;

/**
 * A random share of the frames, or of the files. Each is taken or not by a hash of the seed and its
 * number alone, so that a seed gives the same sample however the read is split, and disjoint shares
 * of a seed are disjoint samples.
 *
 * @param lower take what hashes to this part of 0 to 1 or more
 * @param upper and to less than this
 * @param seed another one gives another sample
 */
record FrameSample(double lower, double upper, long seed) {

  /** More frames than these are not hashed on the driver: it would take longer than a second. */
  private static final long MAX_FRAMES = 1L << 28;

  /** A number's share of the frames or files: 53 evenly distributed bits. */
  private boolean takes(long number) {
    double hash = (mix(mix(seed) + number) >>> 11) * 0x1p-53;
    return lower <= hash && hash < upper;
  }

  /** One step of the SplitMix64 generator. */
  private static long mix(long state) {
    long z = state + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /**
   * The sampled ones of the first frames, or nothing if they are too many to hash or fall into too
   * many intervals for the splits.
   */
  Optional<FrameIntervals> ofFrames(long frames) {
    if (frames > MAX_FRAMES) {
      return Optional.empty();
    }
    FrameIntervals.Builder sample = new FrameIntervals.Builder();
    long intervals = 0;
    long from = -1;
    for (long frame = 0; frame <= frames; frame++) {
      boolean taken = frame < frames && takes(frame);
      if (taken && from < 0) {
        from = frame;
      } else if (!taken && from >= 0) {
        if (++intervals > WholeColumn.MAX_INTERVALS) {
          return Optional.empty();
        }
        sample.add(from, frame);
        from = -1;
      }
    }
    return Optional.of(sample.build());
  }

  /** The frames of the sampled files. */
  FrameIntervals ofFiles(FileColumns files) {
    return files.where(range -> takes(range.partition()));
  }

  /** As in {@code EXPLAIN}. */
  String describe(String method) {
    return "SAMPLE " + method + " [" + lower + ", " + upper + ") SEED " + seed;
  }
}
