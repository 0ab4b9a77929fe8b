// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.FrontierState;
import io.sparkarrays.hdf5.Dataset;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.function.BooleanSupplier;

/**
 * Gives the index of each frame of a live scan once it is written, and waits for the next one:
 * until the scan is finished or complete, or nothing came for the timeout. After a timeout, asking
 * again waits again. Used by one thread at a time.
 */
public final class KeyFollower implements PrimitiveIterator.OfLong {

  private final Frontier frontier;
  private final FollowOptions options;
  private final FinishedFlag finished;
  private final Waiting waiting;

  /** What was found and not given yet, and how many of its frames were. */
  private FrameIntervals found = FrameIntervals.EMPTY;

  private int interval;
  private long at;
  private FrontierState seen;
  private boolean timedOut;

  /** Follows key data sets with the {@linkplain FollowOptions#DEFAULTS default} options. */
  public KeyFollower(List<Dataset> keys) {
    this(keys, FollowOptions.DEFAULTS);
  }

  /** Follows key data sets: a frame counts once all have its key. */
  public KeyFollower(List<Dataset> keys, FollowOptions options) {
    this(keys.stream().map(KeySource::of).toList(), List.of(), options);
  }

  /** Follows keys of any kind, and gives a frame only when all data has it, too. */
  public KeyFollower(List<KeySource> keys, List<ScanData> data, FollowOptions options) {
    this(keys, data, options, Waiting.REAL);
  }

  KeyFollower(List<KeySource> keys, List<ScanData> data, FollowOptions options, Waiting waiting) {
    this.frontier = new Frontier(keys, data, options.gaps(), options.start());
    this.options = options;
    this.finished = new FinishedFlag(options.finished());
    this.waiting = waiting;
    this.seen = options.start();
  }

  /** Dimensions of the scan: those of the keys, less trailing ones of greatest extent 1. */
  public int scanRank() {
    return frontier.scanRank();
  }

  /** The greatest extents of the scan, -1 for a dimension without a limit. */
  public long[] maxshape() {
    return frontier.maxshape();
  }

  /** The frontier, which says more of what is there and what is late. */
  public Frontier frontier() {
    return frontier;
  }

  /** The last index before the first that is neither written nor skipped; -1 before any. */
  public long getCurrentMax() {
    return frontier.state().next() - 1;
  }

  /** Whether every key that the greatest extents have room for is set; false without a limit. */
  public boolean areKeysComplete() {
    return frontier.isComplete();
  }

  /** Whether the finished data set was seen set. */
  public boolean isFinishedSet() {
    return finished.isSet();
  }

  /** Whether the last wait ended because nothing came. */
  public boolean hasTimedOut() {
    return timedOut;
  }

  /** Looks at the files once, without waiting, and gives whether frames came. */
  public boolean refresh() {
    try {
      return look(finished.look());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean look(boolean ended) throws IOException {
    boolean moved = frontier.advance(waiting.nanoTime(), ended);
    if (!hasFound()) {
      takeFound();
    }
    return moved;
  }

  private boolean hasFound() {
    return interval < found.size();
  }

  private void takeFound() {
    found = frontier.state().since(seen);
    seen = frontier.state();
    interval = 0;
    at = found.isEmpty() ? 0 : found.from(0);
  }

  /** Begins again at the first frame; whether the scan is finished stays known. */
  public void reset() {
    frontier.restart(options.start());
    seen = options.start();
    found = FrameIntervals.EMPTY;
    interval = 0;
    timedOut = false;
  }

  /** Waits for the next frame. */
  @Override
  public boolean hasNext() {
    if (!hasFound()) {
      takeFound();
    }
    return hasFound() || waitFor(this::hasFound);
  }

  /** Waits until all before an index are written, or the scan ends. */
  boolean waitFor(long end) {
    return waitFor(() -> frontier.state().next() >= end);
  }

  private boolean waitFor(BooleanSupplier wanted) {
    long start = waiting.nanoTime();
    timedOut = false;
    try {
      while (true) {
        boolean ended = finished.look();
        if (look(ended)) {
          if (wanted.getAsBoolean()) {
            return true;
          }
          start = waiting.nanoTime();
          continue;
        }
        if (frontier.isComplete() || (ended && frontier.late() == 0)) {
          return false;
        }
        long left = options.timeout().toNanos() - (waiting.nanoTime() - start);
        if (left <= 0) {
          timedOut = true;
          return false;
        }
        waiting.pause(Math.min(left, options.pollInterval().toNanos()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException("while waiting for a frame"));
    }
  }

  /** Indexes that will be given next without a look at the files, at most so many. */
  long[] coming(int most) {
    long[] indexes = new long[most];
    int count = 0;
    for (int i = interval; i < found.size() && count < most; i++) {
      for (long index = i == interval ? at : found.from(i);
          index < found.to(i) && count < most;
          index++) {
        indexes[count++] = index;
      }
    }
    return Arrays.copyOf(indexes, count);
  }

  @Override
  public long nextLong() {
    if (!hasNext()) {
      throw new NoSuchElementException("the scan has ended");
    }
    long index = at++;
    if (at == found.to(interval)) {
      interval++;
      at = hasFound() ? found.from(interval) : 0;
    }
    return index;
  }
}
