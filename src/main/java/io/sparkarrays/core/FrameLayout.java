// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.Serializable;

/**
 * An array seen as frames in a scan: its outer dimensions are the scan, its inner ones the frame.
 * Frames are numbered row-major from 0. A scan of rank 0 has one frame, a frame of rank 0 is a
 * scalar.
 *
 * @param scan the shape of the scan
 * @param frame the shape of one frame
 */
public record FrameLayout(Shape scan, Shape frame) implements Serializable {

  /** Number of frames in the scan. */
  public long frames() {
    return scan.size();
  }

  /** The shape of the whole array. */
  public Shape shape() {
    return scan.concat(frame);
  }

  /** Position of a frame along one dimension of the scan. */
  public long coordinate(long frameIndex, int axis) {
    return frameIndex / stride(axis) % scan.dim(axis);
  }

  /** Frames between two neighbours along one dimension of the scan. */
  public long stride(int axis) {
    long stride = 1;
    for (int inner = axis + 1; inner < scan.rank(); inner++) {
      stride *= scan.dim(inner);
    }
    return stride;
  }

  /**
   * The index of the frame at a position of the scan.
   *
   * @throws IndexOutOfBoundsException if the position lies outside the scan
   */
  public long frameIndex(long... position) {
    if (position.length != scan.rank()) {
      throw new IndexOutOfBoundsException(position.length + " coordinates for scan " + scan);
    }
    long index = 0;
    for (int axis = 0; axis < position.length; axis++) {
      if (position[axis] < 0 || position[axis] >= scan.dim(axis)) {
        throw new IndexOutOfBoundsException("coordinate " + position[axis] + " for scan " + scan);
      }
      index = index * scan.dim(axis) + position[axis];
    }
    return index;
  }
}
