// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;

/**
 * A set of frame indexes as sorted, disjoint, non-adjacent, non-empty intervals {@code [from, to)}.
 * Immutable; set operations are linear in the number of intervals.
 */
public final class FrameIntervals implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  /** The set without a frame. */
  public static final FrameIntervals EMPTY = new FrameIntervals(new long[0]);

  /** from₀, to₀, from₁, to₁, … strictly increasing. */
  private final long[] bounds;

  private FrameIntervals(long[] bounds) {
    this.bounds = bounds;
  }

  /** The frames {@code from} (inclusive) to {@code to} (exclusive); empty if to ≤ from. */
  public static FrameIntervals of(long from, long to) {
    return to <= from ? EMPTY : new FrameIntervals(new long[] {from, to});
  }

  /** The frames of these indexes, in any order, doubled or not. */
  public static FrameIntervals ofIndexes(long... indexes) {
    long[] sorted = indexes.clone();
    Arrays.sort(sorted);
    Builder builder = new Builder();
    for (long index : sorted) {
      builder.add(index, index + 1);
    }
    return builder.build();
  }

  /** Number of intervals. */
  public int size() {
    return bounds.length / 2;
  }

  /** First frame of an interval. */
  public long from(int interval) {
    return bounds[2 * interval];
  }

  /** One past the last frame of an interval. */
  public long to(int interval) {
    return bounds[2 * interval + 1];
  }

  /** Whether there is no frame. */
  public boolean isEmpty() {
    return bounds.length == 0;
  }

  /** Number of frames. */
  public long count() {
    long count = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      count += bounds[i + 1] - bounds[i];
    }
    return count;
  }

  /** Whether the frame is in the set. */
  public boolean contains(long index) {
    int at = Arrays.binarySearch(bounds, index);
    return at >= 0 ? (at & 1) == 0 : (~at & 1) == 1;
  }

  /** Frames in either set. */
  public FrameIntervals union(FrameIntervals other) {
    Builder builder = new Builder();
    int a = 0;
    int b = 0;
    while (a < bounds.length || b < other.bounds.length) {
      boolean mine =
          b >= other.bounds.length || (a < bounds.length && bounds[a] <= other.bounds[b]);
      if (mine) {
        builder.add(bounds[a], bounds[a + 1]);
        a += 2;
      } else {
        builder.add(other.bounds[b], other.bounds[b + 1]);
        b += 2;
      }
    }
    return builder.build();
  }

  /** Frames in both sets. */
  public FrameIntervals intersect(FrameIntervals other) {
    Builder builder = new Builder();
    int a = 0;
    int b = 0;
    while (a < bounds.length && b < other.bounds.length) {
      builder.add(
          Math.max(bounds[a], other.bounds[b]), Math.min(bounds[a + 1], other.bounds[b + 1]));
      if (bounds[a + 1] <= other.bounds[b + 1]) {
        a += 2;
      } else {
        b += 2;
      }
    }
    return builder.build();
  }

  /** Frames of the set in {@code [from, to)}; cheap for a short range in a large set. */
  public FrameIntervals within(long from, long to) {
    if (to <= from) {
      return EMPTY;
    }
    int at = Arrays.binarySearch(bounds, from);
    int first = (at >= 0 ? at : -at - 1) & ~1;
    Builder builder = new Builder();
    // The interval before may reach into the range.
    for (int i = Math.max(0, first - 2); i < bounds.length && bounds[i] < to; i += 2) {
      builder.add(Math.max(bounds[i], from), Math.min(bounds[i + 1], to));
    }
    return builder.build();
  }

  /** Frames of {@code [0, frames)} that are not in the set. */
  public FrameIntervals complement(long frames) {
    Builder builder = new Builder();
    long at = 0;
    for (int i = 0; i < bounds.length && at < frames; i += 2) {
      builder.add(at, Math.min(bounds[i], frames));
      at = bounds[i + 1];
    }
    builder.add(at, frames);
    return builder.build();
  }

  /** The first {@code limit} frames of the set. */
  public FrameIntervals first(long limit) {
    Builder builder = new Builder();
    long left = limit;
    for (int i = 0; i < bounds.length && left > 0; i += 2) {
      long taken = Math.min(left, bounds[i + 1] - bounds[i]);
      builder.add(bounds[i], bounds[i] + taken);
      left -= taken;
    }
    return builder.build();
  }

  /** The set without its first {@code frames} frames. */
  public FrameIntervals skip(long frames) {
    Builder builder = new Builder();
    long left = frames;
    for (int i = 0; i < bounds.length; i += 2) {
      long skipped = Math.min(left, bounds[i + 1] - bounds[i]);
      builder.add(bounds[i] + skipped, bounds[i + 1]);
      left -= skipped;
    }
    return builder.build();
  }

  /** The set with each frame's index raised by so many, or lowered; none may get below 0. */
  public FrameIntervals shifted(long by) {
    if (isEmpty() || by == 0) {
      return this;
    }
    if (bounds[0] + by < 0) {
      throw new IllegalArgumentException(this + " moved by " + by);
    }
    return new FrameIntervals(Arrays.stream(bounds).map(b -> Math.addExact(b, by)).toArray());
  }

  /** The set in order as pieces of {@code frames} frames each, the last one maybe fewer. */
  public List<FrameIntervals> cut(long frames) {
    return cut(frames, 0, 1);
  }

  /**
   * The set in order as pieces of at most {@code frames} frames, or of one unit if that is more:
   * frames of one unit are in one piece.
   *
   * @param origin where a unit begins
   * @param unit frames of the scan that make a unit
   */
  public List<FrameIntervals> cut(long frames, long origin, long unit) {
    if (frames <= 0 || unit <= 0) {
      throw new IllegalArgumentException("pieces of " + frames + " frames, units of " + unit);
    }
    List<FrameIntervals> pieces = new ArrayList<>();
    Builder piece = new Builder();
    long room = frames;
    long unitEnd = Long.MIN_VALUE;
    for (int i = 0; i < bounds.length; i += 2) {
      long at = bounds[i];
      while (at < bounds[i + 1]) {
        boolean begun = at < unitEnd;
        unitEnd = at + unit - Math.floorMod(at - origin, unit);
        long least = Math.min(unitEnd, bounds[i + 1]);
        if (!begun && piece.length > 0 && room < within(i, at, unitEnd)) {
          pieces.add(piece.build());
          piece = new Builder();
          room = frames;
        }
        long most = Math.min(at + Math.max(0, room), bounds[i + 1]);
        long to = Math.max(least, most - Math.floorMod(most - origin, unit));
        piece.add(at, to);
        room -= to - at;
        // The unit of the last frame that was taken.
        unitEnd = to + Math.floorMod(origin - to, unit);
        at = to;
      }
    }
    if (piece.length > 0) {
      pieces.add(piece.build());
    }
    return pieces;
  }

  /** How many frames from an interval on are in {@code [from, to)}. */
  private long within(int interval, long from, long to) {
    long count = 0;
    for (int i = interval; i < bounds.length && bounds[i] < to; i += 2) {
      count += Math.min(bounds[i + 1], to) - Math.max(bounds[i], from);
    }
    return count;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FrameIntervals that && Arrays.equals(bounds, that.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }

  /** As slices: {@code 0:5, 8:9}; a long set is shortened in the middle. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ", "[", "]");
    int shown = 8;
    for (int i = 0; i < size(); i++) {
      if (i == shown && size() > 2 * shown) {
        text.add("… " + (size() - 2 * shown) + " more");
        i = size() - shown;
      }
      text.add(from(i) + ":" + to(i));
    }
    return text.toString();
  }

  /** Collects intervals in order of their start; joins those that touch, drops empty ones. */
  public static final class Builder {
    private long[] bounds = new long[8];
    private int length;

    /** Adds {@code [from, to)}; {@code from} must not be less than that of the one added before. */
    public Builder add(long from, long to) {
      if (to <= from) {
        return this;
      }
      if (length > 0 && from <= bounds[length - 1]) {
        if (from < bounds[length - 2]) {
          throw new IllegalArgumentException("interval " + from + ":" + to + " is out of order");
        }
        bounds[length - 1] = Math.max(bounds[length - 1], to);
        return this;
      }
      if (length == bounds.length) {
        bounds = Arrays.copyOf(bounds, 2 * length);
      }
      bounds[length++] = from;
      bounds[length++] = to;
      return this;
    }

    /** The set of all that was added. */
    public FrameIntervals build() {
      return length == 0 ? EMPTY : new FrameIntervals(Arrays.copyOf(bounds, length));
    }
  }
}
