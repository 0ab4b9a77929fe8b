// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes grids of selections: one of most, several of those that are no product. */
final class SelectionGrids {

  /** Bounds what a few bytes of a file can ask for. */
  private static final int MOST_GRIDS = 1 << 18;

  private static final long MOST_WORK = 1L << 24;

  private final int rank;
  private final Map<List<Long>, List<ElementGrid>> known = new HashMap<>();
  private long work;

  private SelectionGrids(int rank) {
    this.rank = rank;
  }

  /** Thrown for a selection that would take too much memory or time. */
  static final class TooIrregularException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /**
   * The grids that hold a selection's elements one after another, in its order.
   *
   * @param all the extents that "all" means
   * @param limit elements along an unlimited dimension
   * @throws ArithmeticException if a coordinate or a size is 2^63 or more
   */
  static List<ElementGrid> of(DataspaceSelection selection, Shape all, long limit)
      throws TooIrregularException {
    if (selection instanceof DataspaceSelection.All) {
      return List.of(ElementGrid.all(all));
    } else if (selection instanceof DataspaceSelection.Regular regular) {
      return List.of(regular(regular, limit));
    } else if (selection instanceof DataspaceSelection.Blocks blocks) {
      List<long[]> boxes = new ArrayList<>();
      for (int i = 0; i < blocks.count(); i++) {
        boxes.add(
            Arrays.copyOfRange(
                blocks.corners(), 2 * blocks.rank() * i, 2 * blocks.rank() * (i + 1)));
      }
      return boxes.isEmpty() ? List.of() : new SelectionGrids(blocks.rank()).union(boxes, 0);
    } else if (selection instanceof DataspaceSelection.Points points) {
      return points(points);
    }
    return List.of();
  }

  private static ElementGrid regular(DataspaceSelection.Regular selection, long limit) {
    AxisElements[] axes = new AxisElements[selection.rank()];
    for (int axis = 0; axis < axes.length; axis++) {
      long start = selection.start()[axis];
      long count = selection.count()[axis];
      long block = selection.block()[axis];
      if (block == DataspaceSelection.UNLIMITED) {
        axes[axis] = AxisElements.range(start, Math.addExact(start, limit));
      } else {
        boolean open = count == DataspaceSelection.UNLIMITED;
        long length = open ? limit : Math.multiplyExact(count, block);
        axes[axis] = AxisElements.blocks(start, selection.stride()[axis], block, length);
      }
    }
    return new ElementGrid(axes);
  }

  /** The dimension without a limit, or -1. */
  static int unlimitedAxis(DataspaceSelection selection) {
    if (selection instanceof DataspaceSelection.Regular regular) {
      for (int axis = 0; axis < regular.rank(); axis++) {
        if (regular.count()[axis] == DataspaceSelection.UNLIMITED
            || regular.block()[axis] == DataspaceSelection.UNLIMITED) {
          return axis;
        }
      }
    }
    return -1;
  }

  /** How many elements along the unlimited dimension lie below an extent. */
  static long elementsBelow(DataspaceSelection.Regular selection, int axis, long extent) {
    long ahead = extent - selection.start()[axis];
    long block = selection.block()[axis];
    long stride = selection.stride()[axis];
    if (ahead <= 0 || block == 0) {
      return 0;
    }
    boolean open = block == DataspaceSelection.UNLIMITED;
    return open ? ahead : ahead / stride * block + Math.min(block, ahead % stride);
  }

  /** The coordinate of an element along the unlimited dimension. */
  static long coordinate(DataspaceSelection.Regular selection, int axis, long index) {
    long block = selection.block()[axis];
    if (block == DataspaceSelection.UNLIMITED) {
      return Math.addExact(selection.start()[axis], index);
    } else if (block == 0) {
      return selection.start()[axis];
    }
    long ahead = Math.multiplyExact(index / block, selection.stride()[axis]) + index % block;
    return Math.addExact(selection.start()[axis], ahead);
  }

  private static List<ElementGrid> points(DataspaceSelection.Points points)
      throws TooIrregularException {
    int rank = points.rank();
    long[] at = points.coordinates();
    List<ElementGrid> grids = new ArrayList<>();
    int from = 0;
    while (from < at.length) {
      int to = from + rank;
      while (to < at.length && isNext(at, to, rank)) {
        to += rank;
      }
      AxisElements[] axes = new AxisElements[rank];
      for (int axis = 0; axis < rank; axis++) {
        axes[axis] = AxisElements.range(at[from + axis], at[to - rank + axis] + 1);
      }
      grids.add(new ElementGrid(axes));
      if (grids.size() > MOST_GRIDS) {
        throw new TooIrregularException();
      }
      from = to;
    }
    return grids;
  }

  /** Whether a point is the right neighbour of the one before. */
  private static boolean isNext(long[] at, int point, int rank) {
    for (int axis = 0; axis < rank - 1; axis++) {
      if (at[point + axis] != at[point - rank + axis]) {
        return false;
      }
    }
    return at[point + rank - 1] == at[point - 1] + 1;
  }

  /** The union of boxes along a dimension and those behind it. */
  private List<ElementGrid> union(List<long[]> boxes, int axis) throws TooIrregularException {
    List<Long> key = new ArrayList<>();
    key.add((long) axis);
    for (long[] box : boxes) {
      for (int i = axis; i < rank; i++) {
        key.add(box[i]);
        key.add(box[rank + i]);
      }
    }
    work += key.size();
    if (work > MOST_WORK) {
      throw new TooIrregularException();
    }
    List<ElementGrid> grids = known.get(key);
    if (grids == null) {
      grids = axis == rank - 1 ? List.of(runs(boxes)) : layers(boxes, axis);
      known.put(key, grids);
    }
    return grids;
  }

  /** The last dimension. */
  private ElementGrid runs(List<long[]> boxes) {
    boxes.sort(Comparator.comparingLong(box -> box[rank - 1]));
    List<Long> firsts = new ArrayList<>();
    List<Long> lengths = new ArrayList<>();
    long end = -1;
    for (long[] box : boxes) {
      long to = box[2 * rank - 1] + 1;
      int last = firsts.size() - 1;
      if (last >= 0 && box[rank - 1] <= end) {
        end = Math.max(end, to);
        lengths.set(last, end - firsts.get(last));
      } else {
        firsts.add(box[rank - 1]);
        lengths.add(to - box[rank - 1]);
        end = to;
      }
    }
    return new ElementGrid(runs(firsts, lengths));
  }

  private static AxisElements runs(List<Long> firsts, List<Long> lengths) {
    return AxisElements.runs(
        firsts.stream().mapToLong(Long::longValue).toArray(),
        lengths.stream().mapToLong(Long::longValue).toArray());
  }

  /** Cuts a dimension where boxes begin and end: in between, what lies behind it is the same. */
  private List<ElementGrid> layers(List<long[]> boxes, int axis) throws TooIrregularException {
    boxes.sort(Comparator.comparingLong(box -> box[axis]));
    long[] cuts =
        boxes.stream()
            .flatMapToLong(box -> Arrays.stream(new long[] {box[axis], box[rank + axis] + 1}))
            .sorted()
            .distinct()
            .toArray();
    List<ElementGrid> grids = new ArrayList<>();
    List<Long> firsts = new ArrayList<>();
    List<Long> lengths = new ArrayList<>();
    List<ElementGrid> same = null;
    List<long[]> active = new ArrayList<>();
    int next = 0;
    for (int i = 0; i + 1 < cuts.length; i++) {
      long from = cuts[i];
      active.removeIf(box -> box[rank + axis] < from);
      while (next < boxes.size() && boxes.get(next)[axis] <= from) {
        active.add(boxes.get(next++));
      }
      work += active.size();
      List<ElementGrid> inner = active.isEmpty() ? null : union(new ArrayList<>(active), axis + 1);
      if (inner == null) {
        continue;
      }
      if (inner != same) {
        flush(grids, firsts, lengths, same);
        same = inner;
      }
      int last = firsts.size() - 1;
      if (last >= 0 && firsts.get(last) + lengths.get(last) == from) {
        lengths.set(last, cuts[i + 1] - firsts.get(last));
      } else {
        firsts.add(from);
        lengths.add(cuts[i + 1] - from);
      }
    }
    flush(grids, firsts, lengths, same);
    return grids;
  }

  private static void flush(
      List<ElementGrid> grids, List<Long> firsts, List<Long> lengths, List<ElementGrid> inner)
      throws TooIrregularException {
    if (firsts.isEmpty()) {
      return;
    }
    AxisElements outer = runs(firsts, lengths);
    firsts.clear();
    lengths.clear();
    if (inner.size() == 1) {
      grids.add(product(outer, inner.get(0)));
    } else {
      // Several grids a row: the rows don't mix, so each is one after another.
      for (long row = 0; row < outer.length(); row++) {
        for (ElementGrid grid : inner) {
          grids.add(product(outer.part(row, row + 1), grid));
          if (grids.size() > MOST_GRIDS) {
            throw new TooIrregularException();
          }
        }
      }
    }
  }

  private static ElementGrid product(AxisElements outer, ElementGrid inner) {
    AxisElements[] axes = new AxisElements[1 + inner.rank()];
    axes[0] = outer;
    for (int axis = 0; axis < inner.rank(); axis++) {
      axes[axis + 1] = inner.axis(axis);
    }
    return new ElementGrid(axes);
  }
}
