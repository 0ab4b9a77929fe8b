// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import java.io.Serial;
import java.io.Serializable;
import java.util.Arrays;

/** Which frames each of a data set's files takes: file i holds frames from bound i to bound i+1. */
public final class FileBounds implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final long[] bounds;

  private FileBounds(long[] bounds) {
    this.bounds = bounds;
  }

  /** Bounds that begin with 0, rise strictly and end with the number of frames. */
  public static FileBounds of(long... bounds) {
    if (bounds.length == 0 || bounds[0] != 0) {
      throw new IllegalArgumentException("bounds must begin with 0");
    }
    for (int i = 1; i < bounds.length; i++) {
      if (bounds[i] <= bounds[i - 1]) {
        throw new IllegalArgumentException("bounds must rise: " + bounds[i]);
      }
    }
    return new FileBounds(bounds.clone());
  }

  /** Number of files. */
  public int count() {
    return bounds.length - 1;
  }

  /** First frame of a file. */
  public long from(int file) {
    return bounds[file];
  }

  /** One past the last frame of a file. */
  public long to(int file) {
    return bounds[file + 1];
  }

  /** The file that takes a frame, or -1 if none does. */
  public int fileOf(long frame) {
    if (frame < 0 || frame >= bounds[bounds.length - 1]) {
      return -1;
    }
    int at = Arrays.binarySearch(bounds, frame);
    return at >= 0 ? at : -at - 2;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FileBounds that && Arrays.equals(bounds, that.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }
}
