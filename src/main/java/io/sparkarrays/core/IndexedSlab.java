// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Indices as a source that reads hyperslabs serves them: the least slab that holds all elements,
 * and what is taken of it in memory.
 *
 * @param slab what is read
 * @param inside indices into what was read
 */
public record IndexedSlab(Hyperslab slab, List<Index> inside) {

  /** Makes the slab for indices into an array. */
  public static IndexedSlab of(Shape array, List<Index> indices) {
    List<Index> all = Index.complete(indices, array.rank());
    int rank = array.rank();
    long[] start = new long[rank];
    long[] stride = new long[rank];
    long[] count = new long[rank];
    List<Index> inside = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      Index.Resolved found = all.get(axis).resolve(array.dim(axis));
      if (found.listed() != null) {
        long[] listed = found.listed();
        long least = Arrays.stream(listed).min().orElse(0);
        start[axis] = least;
        stride[axis] = 1;
        count[axis] = listed.length == 0 ? 0 : Arrays.stream(listed).max().getAsLong() - least + 1;
        inside.add(Index.positions(Arrays.stream(listed).map(p -> p - least).toArray()));
      } else {
        boolean up = found.step() > 0;
        count[axis] = found.count();
        stride[axis] = Math.abs(found.step());
        start[axis] = up || found.count() == 0 ? found.start() : found.position(found.count() - 1);
        inside.add(
            found.single() ? Index.at(0) : up ? Index.all() : new Index.Slice(null, null, -1));
      }
    }
    long[] block = new long[rank];
    Arrays.fill(block, 1);
    return new IndexedSlab(Hyperslab.of(start, stride, count, block), inside);
  }

  /** The shape of what the indices take. */
  public Shape shape() {
    long[] dims = new long[inside.size()];
    int rank = 0;
    for (int axis = 0; axis < dims.length; axis++) {
      Index.Resolved found = inside.get(axis).resolve(slab.shape().dim(axis));
      if (!found.single()) {
        dims[rank++] = found.count();
      }
    }
    return Shape.of(Arrays.copyOf(dims, rank));
  }
}
