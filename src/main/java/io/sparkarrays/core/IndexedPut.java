// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.util.List;

/** Sets parts of arrays whose positions are listed along some dimensions. */
final class IndexedPut {

  private IndexedPut() {}

  static void put(NdArray target, NdArray source, List<Index> indices) {
    List<Index> all = Index.complete(indices, target.shape().rank());
    int kept = 0;
    for (int axis = 0; axis < all.size(); axis++) {
      if (all.get(axis) instanceof Index.Positions list) {
        all.set(axis, Index.at(0));
        int inner = (int) all.stream().filter(index -> !(index instanceof Index.At)).count();
        for (int i = 0; i < list.positions().size(); i++) {
          all.set(axis, Index.at(list.positions().get(i)));
          put(target, one(source, kept, i, list.positions().size(), inner), all);
        }
        return;
      }
      kept += all.get(axis) instanceof Index.At ? 0 : 1;
    }
    target.get(all).assign(source);
  }

  /**
   * One of several along a dimension of what is set; of a source that is repeated along it, the
   * only one.
   */
  private static NdArray one(NdArray source, int axis, int i, int count, int inner) {
    int own = axis - (inner + 1 - source.shape().rank());
    if (own < 0) {
      return source;
    }
    long dim = source.shape().dim(own);
    if (dim != 1 && dim != count) {
      throw new IllegalArgumentException(
          "shape " + source.shape() + " for " + count + " positions");
    }
    List<Index> taken = Index.complete(List.of(), source.shape().rank());
    taken.set(own, Index.at(dim == 1 ? 0 : i));
    return source.get(taken);
  }
}
