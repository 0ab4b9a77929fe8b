// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import io.sparkarrays.core.Shape;

/**
 * How chunks of one shape cover an array: chunks are numbered in C order over the current extents.
 */
public final class ChunkGrid {

  private final Shape shape;
  private final Shape chunk;
  private final long[] counts;
  private final long[] strides;
  private final long size;

  /** The chunks of a shape that cover an array of a shape. */
  public ChunkGrid(Shape shape, Shape chunk) {
    this.shape = shape;
    this.chunk = chunk;
    int rank = shape.rank();
    this.counts = new long[rank];
    this.strides = new long[rank];
    long product = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      counts[axis] = Widths.units(shape.dim(axis), chunk.dim(axis));
      strides[axis] = product;
      product *= Math.max(1, counts[axis]);
    }
    this.size = shape.size() == 0 ? 0 : product;
  }

  public Shape shape() {
    return shape;
  }

  /** The shape of a chunk. */
  public Shape chunk() {
    return chunk;
  }

  public int rank() {
    return counts.length;
  }

  /** Chunks along a dimension. */
  public long count(int axis) {
    return counts[axis];
  }

  /** How far the numbers of neighbouring chunks along a dimension are apart. */
  public long stride(int axis) {
    return strides[axis];
  }

  /** Number of chunks. */
  public long size() {
    return size;
  }

  /** The position of a chunk along a dimension, in chunks. */
  public long position(long number, int axis) {
    return number / strides[axis] % counts[axis];
  }

  /** Whether the extents cut a chunk. */
  public boolean isEdge(long number) {
    for (int axis = 0; axis < counts.length; axis++) {
      if ((position(number, axis) + 1) * chunk.dim(axis) > shape.dim(axis)) {
        return true;
      }
    }
    return false;
  }
}
