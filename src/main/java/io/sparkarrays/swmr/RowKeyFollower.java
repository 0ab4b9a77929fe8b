// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.Dataset;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;

/**
 * Gives the index of the last frame of each row of a live scan once all of the row is written. A
 * row that is written in part is not given, and nothing of it is lost: asking again goes on with
 * it.
 */
public final class RowKeyFollower implements PrimitiveIterator.OfLong {

  private final KeyFollower follower;
  private final long rowSize;
  private final long first;
  private long next;

  /**
   * Follows rows along the scan's last dimension.
   *
   * @throws ArrayException {@code SCAN_SHAPES_DIFFER} if that has no limit
   */
  public RowKeyFollower(List<Dataset> keys, FollowOptions options) {
    this(keys, 0, options);
  }

  /**
   * @param rowSize frames of a row, or 0 for the scan's last dimension
   */
  public RowKeyFollower(List<Dataset> keys, long rowSize, FollowOptions options) {
    this.follower = new KeyFollower(keys, options.withGaps(GapPolicy.WAIT));
    long[] max = follower.maxshape();
    this.rowSize = rowSize > 0 || max.length == 0 ? Math.max(1, rowSize) : max[max.length - 1];
    if (this.rowSize <= 0) {
      throw new ArrayException(
          ErrorCode.SCAN_SHAPES_DIFFER,
          keys.get(0),
          "the scan's last dimension has no limit, so rows have no length",
          "Give a row size");
    }
    this.first = options.start().next();
    this.next = first;
  }

  /** The follower of single frames, for what it knows of the scan. */
  public KeyFollower keys() {
    return follower;
  }

  /** Frames of a row. */
  public long rowSize() {
    return rowSize;
  }

  /** Begins again with the first row. */
  public void reset() {
    follower.reset();
    next = first;
  }

  private long rowEnd() {
    return (next / rowSize + 1) * rowSize;
  }

  /** Waits for the next row. */
  @Override
  public boolean hasNext() {
    return follower.getCurrentMax() + 1 >= rowEnd() || follower.waitFor(rowEnd());
  }

  @Override
  public long nextLong() {
    if (!hasNext()) {
      throw new NoSuchElementException("the scan has ended");
    }
    next = rowEnd();
    return next - 1;
  }
}
