// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import java.util.Optional;

/**
 * An index column as arithmetic on the frame's index: it counts from 0 to its extent, stays the
 * same for {@code stride} frames, and begins anew after the last. {@code frame_index} and the
 * scan's coordinates are such columns.
 *
 * @param frames number of frames of the scan
 * @param extent one more than the largest value
 * @param stride frames between two values
 */
record Coordinate(long frames, long extent, long stride) implements IndexColumn {

  /** One each time that the values run from 0 to the extent. */
  @Override
  public long pieces() {
    return frames == 0 ? 0 : frames / (extent * stride);
  }

  @Override
  public boolean unique() {
    return extent == frames;
  }

  @Override
  public long least(FrameIntervals set) {
    long least = extent;
    for (int i = 0; i < set.size(); i++) {
      least = Math.min(least, wraps(set, i) ? 0 : value(set.from(i)));
    }
    return least;
  }

  @Override
  public long most(FrameIntervals set) {
    long most = 0;
    for (int i = 0; i < set.size(); i++) {
      most = Math.max(most, wraps(set, i) ? extent - 1 : value(set.to(i) - 1));
    }
    return most;
  }

  /** Whether the values begin anew inside an interval; else they never fall in it. */
  private boolean wraps(FrameIntervals set, int interval) {
    long period = extent * stride;
    return set.from(interval) / period != (set.to(interval) - 1) / period;
  }

  private long value(long frame) {
    return frame / stride % extent;
  }

  @Override
  public Optional<FrameIntervals> frames(FrameIntervals values) {
    if (values.isEmpty() || frames == 0) {
      return Optional.of(FrameIntervals.EMPTY);
    }
    if (values.equals(FrameIntervals.of(0, extent))) {
      return Optional.of(FrameIntervals.of(0, frames));
    }
    long periods = pieces();
    if (periods > MAX_INTERVALS / values.size()) {
      return Optional.empty();
    }
    long period = extent * stride;
    FrameIntervals.Builder set = new FrameIntervals.Builder();
    for (long p = 0; p < periods; p++) {
      for (int i = 0; i < values.size(); i++) {
        set.add(p * period + values.from(i) * stride, p * period + values.to(i) * stride);
      }
    }
    return Optional.of(set.build());
  }
}
