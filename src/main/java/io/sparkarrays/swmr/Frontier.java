// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.FrontierState;
import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * How far a scan is written: a frame counts once every key data set has its key, and all data is
 * there. Each {@link #advance} is one look at the files; nothing here waits or has a thread. What
 * was given stays so, whatever becomes of its key. Used by one thread at a time.
 */
public final class Frontier {

  /** Since when frames before an index have been overtaken. */
  private record Overtaken(long end, long nanoTime) {}

  private final List<KeySource> keys;
  private final List<ScanData> data;
  private final GapPolicy gaps;
  private final int rank;
  private final long[] maxshape;
  private final Deque<Overtaken> overtaken = new ArrayDeque<>();

  /** Frames before this were overtaken for as long as the policy wants. */
  private long patienceEnd;

  private FrontierState state;
  private Shape scan;
  private long late;

  /**
   * @param keys all must be set
   * @param data all must have the frame; may be empty
   * @param gaps when to skip
   * @param start where to go on
   * @throws ArrayException {@code SCAN_SHAPES_DIFFER} if the keys are not of one scan
   */
  public Frontier(List<KeySource> keys, List<ScanData> data, GapPolicy gaps, FrontierState start) {
    this.keys = List.copyOf(keys);
    this.data = List.copyOf(data);
    this.gaps = gaps;
    this.state = start;
    this.rank = ScanShapes.rank(keys);
    this.maxshape = ScanShapes.maxshape(keys);
  }

  /** Dimensions of the scan. */
  public int scanRank() {
    return rank;
  }

  /** The greatest extents of the scan, -1 for a dimension without a limit. */
  public long[] maxshape() {
    return maxshape.clone();
  }

  /** The extents by which frames are numbered, as of the last look. */
  public Shape scan() {
    return scan;
  }

  /** How far the scan was found to be written. */
  public FrontierState state() {
    return state;
  }

  /**
   * Frames with keys, from the frontier on, whose data was not there at the last look: up to the
   * next frame without a key, if gaps are waited for.
   */
  public long late() {
    return late;
  }

  /** Goes on from another state of the same scan. */
  public void restart(FrontierState from) {
    state = from;
    overtaken.clear();
    patienceEnd = 0;
  }

  /** Whether all frames that the greatest extents have room for were given. */
  public boolean isComplete() {
    if (Arrays.stream(maxshape).anyMatch(extent -> extent < 0)) {
      return false;
    }
    return state.next() == Shape.of(maxshape).size() && state.skipped().isEmpty();
  }

  /**
   * Looks at the files once, the keys before the data, so that the data is at least as new.
   *
   * @param nanoTime the time now, for the patience with gaps
   * @param ended whether the writer was done before this look: then what is missing will not come,
   *     and a policy that skips skips it
   * @return whether frames came
   * @throws ArrayException {@code SCAN_CHANGED} if the extents shrank, or number points anew
   */
  public boolean advance(long nanoTime, boolean ended) throws IOException {
    for (KeySource key : keys) {
      key.refresh();
    }
    long end = look();
    long keyed = firstUnset(state.next(), end);
    boolean fresh = false;
    if (keyed > state.next()) {
      refreshData();
      fresh = true;
    }
    long next = firstMissing(state.next(), keyed);
    late = keyed - next;
    FrameIntervals skipped = state.skipped();
    if (!skipped.isEmpty()) {
      FrameIntervals came = set(skipped);
      if (!came.isEmpty()) {
        if (!fresh) {
          refreshData();
          fresh = true;
        }
        skipped = skipped.intersect(written(came).complement(state.next()));
      }
    }
    if (!gaps.waits() && next < end) {
      FrameIntervals set = keysSet(next, end);
      if (!set.isEmpty() && !fresh) {
        refreshData();
      }
      FrameIntervals ready = written(set);
      long limit = skipLimit(ready, nanoTime, ended);
      if (limit > next) {
        FrameIntervals missing = ready.complement(end);
        FrameIntervals from = missing.within(limit, end);
        long stop = from.isEmpty() ? end : from.from(0);
        skipped = skipped.union(missing.within(next, stop));
        next = stop;
      }
      late = set.within(next, end).count() - ready.within(next, end).count();
    }
    FrontierState before = state;
    state = new FrontierState(next, skipped);
    return !state.equals(before);
  }

  /** The number of points in the scan's present extents. */
  private long look() {
    Shape now = ScanShapes.common(keys);
    if (state.next() > 0 && scan != null && now.size() > 0) {
      ScanShapes.requireSameNumbers(scan, now, keys.get(0));
    }
    if (now.size() < state.next()) {
      throw new ArrayException(
          ErrorCode.SCAN_CHANGED,
          keys.get(0),
          "the scan's shape is " + now + ", after " + state.next() + " frames were followed",
          "The file was replaced or cut: begin it anew");
    }
    scan = now;
    return now.size();
  }

  private void refreshData() throws IOException {
    for (ScanData each : data) {
      each.refresh();
    }
  }

  private long firstUnset(long from, long end) throws IOException {
    long first = end;
    for (KeySource key : keys) {
      first = key.firstUnset(from, first);
    }
    return first;
  }

  private FrameIntervals keysSet(long from, long end) throws IOException {
    FrameIntervals all = FrameIntervals.of(from, end);
    for (KeySource key : keys) {
      all = all.isEmpty() ? all : all.intersect(key.set(from, end));
    }
    return all;
  }

  private FrameIntervals set(FrameIntervals wanted) throws IOException {
    FrameIntervals all = FrameIntervals.EMPTY;
    for (int i = 0; i < wanted.size(); i++) {
      all = all.union(keysSet(wanted.from(i), wanted.to(i)));
    }
    return all;
  }

  private boolean isWritten(long index) throws IOException {
    long[] position = ScanPosition.raster(index, scan);
    for (ScanData each : data) {
      if (!each.isWritten(position)) {
        return false;
      }
    }
    return true;
  }

  private long firstMissing(long from, long end) throws IOException {
    long at = data.isEmpty() ? end : from;
    while (at < end && isWritten(at)) {
      at++;
    }
    return at;
  }

  private FrameIntervals written(FrameIntervals frames) throws IOException {
    if (data.isEmpty()) {
      return frames;
    }
    FrameIntervals.Builder builder = new FrameIntervals.Builder();
    for (int i = 0; i < frames.size(); i++) {
      for (long at = frames.from(i); at < frames.to(i); at++) {
        if (isWritten(at)) {
          builder.add(at, at + 1);
        }
      }
    }
    return builder.build();
  }

  /** The index before which the policy wants no frame to be waited for. */
  private long skipLimit(FrameIntervals ready, long nanoTime, boolean ended) {
    if (ready.isEmpty()) {
      return 0;
    }
    long end = ready.to(ready.size() - 1);
    if (ended) {
      return end;
    }
    if (gaps.nanos() != Long.MAX_VALUE) {
      if (overtaken.isEmpty() ? end > patienceEnd : end > overtaken.getLast().end()) {
        overtaken.add(new Overtaken(end, nanoTime));
      }
      while (!overtaken.isEmpty() && nanoTime - overtaken.getFirst().nanoTime() >= gaps.nanos()) {
        patienceEnd = overtaken.removeFirst().end();
      }
    }
    long byFrames = gaps.frames() == Long.MAX_VALUE ? 0 : end - gaps.frames();
    return Math.min(end, Math.max(byFrames, patienceEnd));
  }
}
