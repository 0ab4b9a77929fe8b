// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.format.ChunkGrid;
import java.io.IOException;

/**
 * Goes over the boxes of equal shape (chunks) that a hyperslab meets, and over the runs of
 * neighbouring elements that the two have in common. Along each dimension, what a box holds of the
 * slab is an interval of the slab's indexes. Reusable, so that reading allocates nothing.
 */
final class SlabPart {

  /** Takes a run of elements that lie side by side in the box and in the slab. */
  interface RunConsumer {
    /**
     * @param inBox the first element, counted in the box's C order
     * @param inSlab the same, counted in the slab's C order
     * @param length number of elements
     */
    void accept(long inBox, long inSlab, long length) throws IOException;
  }

  private final int rank;
  private final long[] boxDims;
  private final long[] boxStep;
  private final long[] slabStep;

  /** The box's position along each dimension, in boxes. */
  private final long[] box;

  /** The interval of the slab's indexes that is in the box. */
  private final long[] from;

  private final long[] to;
  private final long[] at;
  private Hyperslab slab;

  SlabPart(Shape boxShape) {
    this.rank = boxShape.rank();
    this.boxDims = boxShape.dims();
    this.boxStep = new long[rank];
    this.slabStep = new long[rank];
    this.box = new long[rank];
    this.from = new long[rank];
    this.to = new long[rank];
    this.at = new long[rank];
    long step = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      boxStep[axis] = step;
      step *= boxDims[axis];
    }
  }

  /** Goes to the first box of a slab that has elements. */
  void start(Hyperslab wanted) {
    this.slab = wanted;
    long step = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      slabStep[axis] = step;
      step *= wanted.shape().dim(axis);
      enter(axis, 0);
    }
  }

  /** Goes to the box that holds an index of the slab along a dimension. */
  private void enter(int axis, long index) {
    from[axis] = index;
    box[axis] = slab.coordinate(axis, index) / boxDims[axis];
    to[axis] = slab.indexFrom(axis, (box[axis] + 1) * boxDims[axis]);
  }

  /** Goes to the next box, if there is one. */
  boolean next() {
    for (int axis = rank - 1; axis >= 0; axis--) {
      if (to[axis] < slab.shape().dim(axis)) {
        enter(axis, to[axis]);
        return true;
      }
      enter(axis, 0);
    }
    return false;
  }

  /** The box's position along a dimension, in boxes. */
  long box(int axis) {
    return box[axis];
  }

  /** The box's number as a chunk of an array. */
  long number(ChunkGrid grid) {
    long number = 0;
    for (int axis = 0; axis < rank; axis++) {
      number += box[axis] * grid.stride(axis);
    }
    return number;
  }

  /** Whether the slab takes all of the box, and holds it in one piece. */
  boolean isWholeBox() {
    boolean partial = false;
    for (int axis = rank - 1; axis >= 0; axis--) {
      long count = to[axis] - from[axis];
      if (count != boxDims[axis] || (partial && count != 1)) {
        return false;
      }
      partial |= count != slab.shape().dim(axis);
    }
    return true;
  }

  /** The first common element, counted in the slab. */
  long firstInSlab() {
    long first = 0;
    for (int axis = 0; axis < rank; axis++) {
      first += from[axis] * slabStep[axis];
    }
    return first;
  }

  /** The first common element, counted in the box. */
  long firstInBox() {
    return inBox(from, 0);
  }

  /** One more than the last common element, counted in the box. */
  long endInBox() {
    return inBox(to, 1) + 1;
  }

  private long inBox(long[] indexes, int less) {
    long element = 0;
    for (int axis = 0; axis < rank; axis++) {
      long coordinate = slab.coordinate(axis, indexes[axis] - less);
      element += (coordinate - box[axis] * boxDims[axis]) * boxStep[axis];
    }
    return element;
  }

  /** Number of common elements. */
  long size() {
    long size = 1;
    for (int axis = 0; axis < rank; axis++) {
      size *= to[axis] - from[axis];
    }
    return size;
  }

  /** Visits all runs in the slab's order. */
  void forEachRun(RunConsumer consumer) throws IOException {
    // Dimensions behind `inner` are whole in box and slab, so that a run goes over them.
    int inner = rank;
    long unit = 1;
    while (inner > 0 && isWhole(inner - 1)) {
      inner--;
      unit *= boxDims[inner];
    }
    System.arraycopy(from, 0, at, 0, rank);
    int last = inner - 1;
    while (true) {
      long inBox = 0;
      long inSlab = 0;
      for (int axis = 0; axis <= last; axis++) {
        long coordinate = slab.coordinate(axis, at[axis]);
        inBox += (coordinate - box[axis] * boxDims[axis]) * boxStep[axis];
        inSlab += at[axis] * slabStep[axis];
      }
      if (last < 0) {
        consumer.accept(inBox, inSlab, unit);
        return;
      }
      long block = slab.block(last);
      long first = at[last];
      long end = block == slab.shape().dim(last) ? to[last] : (first / block + 1) * block;
      long next = Math.min(to[last], end);
      consumer.accept(inBox, inSlab, (next - first) * unit);
      at[last] = next;
      int axis = last;
      while (axis >= 0 && at[axis] == to[axis]) {
        at[axis] = from[axis];
        axis--;
        if (axis >= 0) {
          at[axis]++;
        }
      }
      if (axis < 0) {
        return;
      }
    }
  }

  private boolean isWhole(int axis) {
    long count = to[axis] - from[axis];
    return count == boxDims[axis] && count == slab.shape().dim(axis) && slab.block(axis) == count;
  }
}
