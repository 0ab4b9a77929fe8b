// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.util.Map;
import java.util.TreeMap;

/**
 * Tells which frames of a range have come, when they come in any order and each should come once.
 * It remembers runs of frames, not frames: where they come about in order it stays small, however
 * many there are. Used by one thread.
 */
public final class FrameArrivals {

  private final long from;
  private final long to;

  /** All frames before this one have come. */
  private long next;

  /**
   * Runs of frames that came ahead, from first to one past last; they neither touch nor overlap.
   */
  private final TreeMap<Long, Long> ahead = new TreeMap<>();

  /** For the frames {@code from} (inclusive) to {@code to} (exclusive), of which none has come. */
  public FrameArrivals(long from, long to) {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException(from + ":" + to);
    }
    this.from = from;
    this.to = to;
    this.next = from;
  }

  /** The first frame that has not come; the end of the range if all have. */
  public long next() {
    return next;
  }

  /** Whether all have come. */
  public boolean complete() {
    return next == to;
  }

  /**
   * Takes the frames {@code first} (inclusive) to {@code last} (exclusive).
   *
   * @return false if one of them came before; then none is taken
   */
  public boolean add(long first, long last) {
    if (first < from || last > to || first >= last) {
      throw new IndexOutOfBoundsException(first + ":" + last + " of " + from + ":" + to);
    }
    if (first < next) {
      return false;
    }
    if (!ahead.isEmpty()) {
      Map.Entry<Long, Long> before = ahead.lowerEntry(last);
      if (before != null && before.getValue() > first) {
        return false;
      }
    }
    if (first == next) {
      Long joined = ahead.remove(last);
      next = joined == null ? last : joined;
    } else {
      addAhead(first, last);
    }
    return true;
  }

  /** A run that overlaps none. */
  private void addAhead(long first, long last) {
    Long joined = ahead.remove(last);
    long end = joined == null ? last : joined;
    Map.Entry<Long, Long> before = ahead.lowerEntry(first);
    boolean touches = before != null && before.getValue() == first;
    ahead.put(touches ? before.getKey() : Long.valueOf(first), end);
  }

  /** The frames that have not come. */
  public FrameIntervals missing() {
    FrameIntervals.Builder missing = new FrameIntervals.Builder();
    long at = next;
    for (Map.Entry<Long, Long> run : ahead.entrySet()) {
      missing.add(at, run.getKey());
      at = run.getValue();
    }
    return missing.add(at, to).build();
  }
}
