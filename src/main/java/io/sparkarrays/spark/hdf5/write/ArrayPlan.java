// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.filter.Compression;
import java.io.Serializable;

/**
 * How an array is stored.
 *
 * @param chunks extents of a chunk: frames, and then the frame's own, as far as the user gave them;
 *     rank 0 for nothing
 * @param compression how chunks are compressed
 * @param fill what frames that nobody wrote hold
 */
record ArrayPlan(Shape chunks, Compression compression, double fill) implements Serializable {

  /** About so many bytes a chunk. */
  private static final long USUAL = 1 << 20;

  /** HDF5's own limit. */
  private static final long MOST = 1L << 30;

  /** How many frames a chunk has. */
  int frames(long frameBytes) {
    if (chunks.rank() > 0) {
      return Math.toIntExact(chunks.dim(0));
    }
    return (int) Math.max(1, USUAL / Math.max(1, frameBytes));
  }

  /** What of a frame is in a chunk. */
  Shape tile(Shape frame) {
    long[] dims = frame.dims();
    for (int axis = 0; axis < dims.length; axis++) {
      boolean given = chunks.rank() == 1 + dims.length;
      dims[axis] = Math.max(1, given ? Math.min(dims[axis], chunks.dim(1 + axis)) : dims[axis]);
    }
    return Shape.of(dims);
  }

  /** Whether the extents that the user gave are for such frames, and not too large. */
  boolean fits(Shape frame, int size) {
    return (chunks.rank() <= 1 || chunks.rank() == 1 + frame.rank())
        && frames(frame.size() * size) * tile(frame).size() <= MOST / Math.max(1, size);
  }
}
