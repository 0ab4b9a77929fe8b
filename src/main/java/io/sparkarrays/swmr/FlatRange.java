// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import java.io.IOException;

/**
 * An interval of the elements of an array, counted in C order, as the fewest boxes in that order.
 */
final class FlatRange {

  /** Takes a box. */
  interface BoxConsumer {
    void accept(Hyperslab box) throws IOException;
  }

  private FlatRange() {}

  /** Visits the boxes of {@code [from, end)}, which must lie inside the array. */
  static void forEachBox(Shape array, long from, long end, BoxConsumer consumer)
      throws IOException {
    int rank = array.rank();
    long at = from;
    while (at < end) {
      // The outermost dimension along which whole pieces of the array begin here and fit.
      int axis = rank;
      long piece = 1;
      while (axis > 0) {
        long larger = piece * (axis == rank ? 1 : array.dim(axis));
        if (at % larger != 0 || at + larger > end) {
          break;
        }
        piece = larger;
        axis--;
      }
      long[] start = new long[rank];
      long[] count = new long[rank];
      long left = at;
      for (int i = rank - 1; i >= 0; i--) {
        start[i] = left % array.dim(i);
        left /= array.dim(i);
        count[i] = i > axis ? array.dim(i) : 1;
      }
      long pieces = 1;
      if (axis < rank) {
        pieces = Math.min((end - at) / piece, array.dim(axis) - start[axis]);
        count[axis] = pieces;
      }
      consumer.accept(Hyperslab.of(start, count));
      at += pieces * piece;
    }
  }
}
