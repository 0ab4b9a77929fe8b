// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import io.sparkarrays.core.Index;
import io.sparkarrays.core.Shape;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The chunks of an array, numbered in C order; those at its ends may be cut off.
 *
 * @param shape of the array
 * @param chunk its extents
 */
record NumberedChunks(Shape shape, Shape chunk) implements Serializable {

  /** How many chunks there are along a dimension. */
  private long count(int axis) {
    return (shape.dim(axis) + chunk.dim(axis) - 1) / chunk.dim(axis);
  }

  /** The numbers of the chunks that stand at a place along a dimension. */
  LongStream at(int axis, long place) {
    long inner = 1;
    long outer = 1;
    for (int other = 0; other < shape.rank(); other++) {
      inner *= other > axis ? count(other) : 1;
      outer *= other < axis ? count(other) : 1;
    }
    long run = inner;
    return LongStream.range(0, outer * inner)
        .map(i -> (i / run * count(axis) + place) * run + i % run);
  }

  /** A chunk's place along each dimension. */
  private long[] place(long number) {
    long[] place = new long[shape.rank()];
    long rest = number;
    for (int axis = place.length - 1; axis >= 0; axis--) {
      place[axis] = rest % count(axis);
      rest /= count(axis);
    }
    return place;
  }

  /** The first position of a chunk along a dimension, by its place there. */
  long start(int axis, long place) {
    return place * chunk.dim(axis);
  }

  /** Where a chunk ends along a dimension. */
  long end(int axis, long place) {
    return Math.min(start(axis, place + 1), shape.dim(axis));
  }

  /** A chunk's part of the array, as indices. */
  List<Index> indices(long number) {
    long[] place = place(number);
    List<Index> indices = new ArrayList<>();
    for (int axis = 0; axis < place.length; axis++) {
      indices.add(Index.slice(start(axis, place[axis]), end(axis, place[axis])));
    }
    return indices;
  }

  /** The extents of what a chunk has of the array. */
  Shape shape(long number) {
    long[] place = place(number);
    long[] dims = new long[place.length];
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] = end(axis, place[axis]) - start(axis, place[axis]);
    }
    return Shape.of(dims);
  }
}
