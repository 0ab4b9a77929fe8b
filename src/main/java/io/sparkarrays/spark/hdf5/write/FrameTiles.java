// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.Shape;

/** Cuts frames into tiles of one shape, of which the last ones may reach beyond the frame. */
final class FrameTiles {

  /** Takes the position of a tile's first element. */
  @FunctionalInterface
  interface Consumer {
    /** Takes one; the array is used again. */
    void tile(long[] corner);
  }

  private final Shape frame;
  private final Shape tile;
  private final byte[] fill;

  /**
   * @param frame a frame, of rank 1 at least
   * @param tile a tile, of the same rank
   * @param fill the element outside of the frame
   */
  FrameTiles(Shape frame, Shape tile, byte[] fill) {
    this.frame = frame;
    this.tile = tile;
    this.fill = fill;
  }

  /** All tiles of a frame, row-major. */
  void forEach(Consumer consumer) {
    long[] corner = new long[frame.rank()];
    while (true) {
      consumer.tile(corner);
      int axis = corner.length - 1;
      while (axis >= 0 && corner[axis] + tile.dim(axis) >= frame.dim(axis)) {
        corner[axis--] = 0;
      }
      if (axis < 0) {
        return;
      }
      corner[axis] += tile.dim(axis);
    }
  }

  /**
   * Copies a tile of each of several frames.
   *
   * @param frames the frames, one behind the other
   * @param target takes the tiles, one behind the other
   */
  void copy(byte[] frames, int count, long[] corner, byte[] target) {
    int last = frame.rank() - 1;
    int size = fill.length;
    int width = (int) tile.dim(last);
    int inside = (int) Math.min(width, frame.dim(last) - corner[last]);
    long lines = tile.size() / width;
    int out = 0;
    for (int i = 0; i < count; i++) {
      for (long line = 0; line < lines; line++) {
        long from = i;
        boolean outside = false;
        long rest = line;
        long stride = lines;
        for (int axis = 0; axis < last; axis++) {
          stride /= tile.dim(axis);
          long at = corner[axis] + rest / stride;
          rest %= stride;
          outside |= at >= frame.dim(axis);
          from = from * frame.dim(axis) + at;
        }
        int copied = outside ? 0 : inside;
        if (copied > 0) {
          long start = (from * frame.dim(last) + corner[last]) * size;
          System.arraycopy(frames, (int) start, target, out, copied * size);
        }
        for (int at = copied; at < width; at++) {
          System.arraycopy(fill, 0, target, out + at * size, size);
        }
        out += width * size;
      }
    }
  }
}
