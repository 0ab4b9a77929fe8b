// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import io.sparkarrays.core.Index;
import io.sparkarrays.core.IndexedSlab;
import io.sparkarrays.core.Shape;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What is taken of a data set in a file.
 *
 * @param whole the extents in the file
 * @param indices for each of its dimensions
 * @param shape the extents of what is taken
 */
record FileSelection(Shape whole, List<Index> indices, Shape shape) implements Serializable {

  static FileSelection of(Shape whole, List<Index> indices) {
    return new FileSelection(
        whole, new ArrayList<>(indices), IndexedSlab.of(whole, indices).shape());
  }

  /** A dimension of the file as one of what is taken. */
  int axis(int inFile) {
    return (int)
        indices.subList(0, inFile).stream().filter(index -> !(index instanceof Index.At)).count();
  }

  /** Indices into the file for a block of what is taken. */
  List<Index> block(BlockGrid grid, int block) {
    List<Index> taken = new ArrayList<>(indices);
    int kept = -1;
    for (int axis = 0; axis < taken.size(); axis++) {
      kept += taken.get(axis) instanceof Index.At ? 0 : 1;
      if (kept == grid.axis() && !(taken.get(axis) instanceof Index.At)) {
        taken.set(axis, part(taken.get(axis).resolve(whole.dim(axis)), grid, block));
        break;
      }
    }
    return taken;
  }

  private static Index part(Index.Resolved all, BlockGrid grid, int block) {
    long from = grid.rule().start(block);
    long count = grid.rule().size(block);
    if (count == 0) {
      return Index.slice(0, 0);
    }
    if (all.listed() != null) {
      List<Long> positions = new ArrayList<>();
      for (long i = from; i < from + count; i++) {
        positions.add(all.position(i));
      }
      return new Index.Positions(positions);
    }
    long last = all.position(from + count - 1);
    long stop = all.step() > 0 ? last + 1 : last - 1;
    // A negative end would count from the end.
    return new Index.Slice(all.position(from), stop < 0 ? null : (Long) stop, all.step());
  }
}
