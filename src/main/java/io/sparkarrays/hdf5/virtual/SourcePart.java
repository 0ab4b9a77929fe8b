// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Elements of a virtual data set that come from one source: a mapping of which everything is known
 * but the source itself.
 */
public final class SourcePart {

  private final int mapping;
  private final String file;
  private final String dataset;
  private final DataspaceSelection source;

  /** Elements of the source along a dimension without a limit. */
  private final long limit;

  /** Whether the source may have more elements than the target: it is one of a series. */
  private final boolean mayHaveMore;

  private final ElementGrid[] target;
  private final long size;

  SourcePart(
      int mapping,
      String file,
      String dataset,
      DataspaceSelection source,
      long limit,
      boolean mayHaveMore,
      List<ElementGrid> target) {
    this.mapping = mapping;
    this.file = file;
    this.dataset = dataset;
    this.source = source;
    this.limit = limit;
    this.mayHaveMore = mayHaveMore;
    this.target = target.toArray(ElementGrid[]::new);
    long sum = 0;
    for (ElementGrid grid : target) {
      sum = Math.addExact(sum, grid.size());
    }
    this.size = sum;
  }

  /** Writes what is not shared with other parts. */
  void write(LongTape tape) {
    tape.write(mapping);
    tape.write(limit);
    tape.write(mayHaveMore ? 1 : 0);
    tape.write(target.length);
    for (ElementGrid grid : target) {
      grid.write(tape);
    }
  }

  /** Reads what {@link #write} wrote, and adds the rest. */
  static SourcePart read(String file, String dataset, DataspaceSelection source, LongTape tape) {
    int mapping = tape.readInt();
    long limit = tape.read();
    boolean mayHaveMore = tape.read() != 0;
    ElementGrid[] grids = new ElementGrid[tape.readInt()];
    for (int i = 0; i < grids.length; i++) {
      grids[i] = ElementGrid.read(tape);
    }
    return new SourcePart(mapping, file, dataset, source, limit, mayHaveMore, List.of(grids));
  }

  /** The same source's elements in another data set, in the same order. */
  SourcePart moved(int number, List<ElementGrid> elsewhere) {
    return new SourcePart(number, file, dataset, source, limit, mayHaveMore, elsewhere);
  }

  /** The same, its file by another name. */
  SourcePart in(String otherFile) {
    return new SourcePart(mapping, otherFile, dataset, source, limit, mayHaveMore, List.of(target));
  }

  /** The mapping's number in the file's order; later ones win where mappings overlap. */
  public int mapping() {
    return mapping;
  }

  /** The source's file as the mapping names it, {@link VirtualMapping#SAME_FILE} for the same. */
  public String file() {
    return file;
  }

  /** The source's path in its file. */
  public String dataset() {
    return dataset;
  }

  /** The elements of the source. */
  public DataspaceSelection source() {
    return source;
  }

  /** Number of elements. */
  public long size() {
    return size;
  }

  List<ElementGrid> target() {
    return List.of(target);
  }

  /** First coordinate along a dimension. */
  public long first(int axis) {
    long first = Long.MAX_VALUE;
    for (ElementGrid grid : target) {
      first = Math.min(first, grid.axis(axis).first());
    }
    return first;
  }

  /** One more than the last coordinate along a dimension. */
  public long end(int axis) {
    long end = 0;
    for (ElementGrid grid : target) {
      end = Math.max(end, grid.axis(axis).end());
    }
    return end;
  }

  /** Number of elements in a part of the virtual data set. */
  public long common(Hyperslab request) {
    long sum = 0;
    for (ElementGrid grid : target) {
      long common = 1;
      for (int axis = 0; axis < grid.rank() && common > 0; axis++) {
        common *= common(grid.axis(axis), request, axis);
      }
      sum += common;
    }
    return sum;
  }

  private static long common(AxisElements mine, Hyperslab request, int axis) {
    long dim = request.shape().dim(axis);
    if (dim == 0) {
      return 0;
    }
    long from = request.start(axis);
    long end = request.coordinate(axis, dim - 1) + 1;
    if (request.block(axis) == dim) {
      return mine.indexFrom(end) - mine.indexFrom(from);
    }
    long common = 0;
    for (long r = 0; r < dim; ) {
      long length = Math.min(dim - r, request.block(axis) - r % request.block(axis));
      long at = request.coordinate(axis, r);
      common += mine.indexFrom(at + length) - mine.indexFrom(at);
      r += length;
    }
    return common;
  }

  /**
   * Which elements stand for each other, now that the source's shape is known.
   *
   * @throws ArrayException {@code VDS_SOURCE_UNUSABLE} if the source has not what is mapped
   */
  List<GridPair> pairs(Shape shape) {
    List<ElementGrid> elements;
    try {
      elements = SelectionGrids.of(source, shape, limit);
    } catch (ArithmeticException | SelectionGrids.TooIrregularException e) {
      throw unusable("its selection " + source + " is too large or too irregular", e);
    }
    long available = elements.stream().mapToLong(ElementGrid::size).sum();
    if (elements.stream().anyMatch(grid -> !grid.isInside(shape))) {
      boolean isWhole =
          elements.size() == 1
              && elements.get(0).rank() != shape.rank()
              && available == shape.size()
              && isBoxAtOrigin(elements.get(0));
      if (!isWhole) {
        throw unusable("its shape is " + shape + ", but " + source + " of it is mapped", null);
      }
      elements = List.of(ElementGrid.all(shape));
    }
    if (available < size || (available > size && !mayHaveMore)) {
      throw unusable(
          "its shape is " + shape + ": " + available + " elements for the " + size + " mapped",
          null);
    }
    List<GridPair> pairs = new ArrayList<>();
    pair(List.of(target), available > size ? firstOf(elements) : elements, pairs);
    return pairs;
  }

  /** The first elements, as many as the target has. */
  private List<ElementGrid> firstOf(List<ElementGrid> elements) {
    List<ElementGrid> first = new ArrayList<>();
    long left = size;
    for (ElementGrid grid : elements) {
      first.addAll(grid.part(0, Math.min(left, grid.size())));
      left -= Math.min(left, grid.size());
    }
    return first;
  }

  /** Pairs lists of grids of equally many elements. */
  private static void pair(
      List<ElementGrid> targets, List<ElementGrid> sources, List<GridPair> pairs) {
    if (targets.size() == 1 && sources.size() == 1) {
      pairs.add(new GridPair(targets.get(0), sources.get(0)));
      return;
    }
    int s = 0;
    long used = 0;
    for (ElementGrid grid : targets) {
      long done = 0;
      while (done < grid.size()) {
        ElementGrid from = sources.get(s);
        long length = Math.min(grid.size() - done, from.size() - used);
        pair(grid.part(done, done + length), from.part(used, used + length), pairs);
        done += length;
        used += length;
        if (used == from.size()) {
          s++;
          used = 0;
        }
      }
    }
  }

  private static boolean isBoxAtOrigin(ElementGrid grid) {
    for (int axis = 0; axis < grid.rank(); axis++) {
      if (grid.axis(axis).end() != grid.axis(axis).length()) {
        return false;
      }
    }
    return true;
  }

  ArrayException unusable(String problem, Throwable cause) {
    return new ArrayException(
        ErrorCode.VDS_SOURCE_UNUSABLE,
        this,
        problem,
        "Have the source as the mapping expects it, or write the virtual data set anew",
        cause);
  }

  /** The mapping's number and the source's names. */
  @Override
  public String toString() {
    return "mapping " + mapping + " to '" + file + "', '" + dataset + "'";
  }
}
