// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Elements of a source and those of a virtual data set that they are, dimension by dimension:
 * blocks along each. The dimensions along which there are several elements correspond, in their
 * order.
 *
 * @param source the data set
 * @param from along each dimension of the source
 * @param to along each dimension of the virtual data set
 */
public record AxisMapping(SourceArray source, List<List<Blocks>> from, List<List<Blocks>> to) {

  /** Most series of blocks along a dimension: more are not worth being told. */
  private static final int MOST_SERIES = 64;

  /**
   * Coordinates along a dimension: blocks at regular distances.
   *
   * @param start the first
   * @param stride from the start of a block to that of the next
   * @param block coordinates side by side
   * @param length number of coordinates in all
   */
  public record Blocks(long start, long stride, long block, long length) {}

  /** What a pair is, if it can be said so. */
  static Optional<AxisMapping> of(SourceArray source, GridPair pair) {
    if (!several(pair.source()).equals(several(pair.target()))) {
      return Optional.empty();
    }
    Optional<List<List<Blocks>>> from = blocks(pair.source());
    Optional<List<List<Blocks>>> to = blocks(pair.target());
    return from.isPresent() && to.isPresent()
        ? Optional.of(new AxisMapping(source, from.get(), to.get()))
        : Optional.empty();
  }

  private static List<Long> several(ElementGrid grid) {
    return IntStream.range(0, grid.rank())
        .mapToObj(axis -> grid.axis(axis).length())
        .filter(length -> length > 1)
        .toList();
  }

  private static Optional<List<List<Blocks>>> blocks(ElementGrid grid) {
    List<List<Blocks>> all = new ArrayList<>();
    for (int axis = 0; axis < grid.rank(); axis++) {
      List<Blocks> found = blocks(grid.axis(axis));
      if (found.size() > MOST_SERIES) {
        return Optional.empty();
      }
      all.add(found);
    }
    return Optional.of(all);
  }

  /** As few series as follow each other; one more than are allowed if there would be more. */
  private static List<Blocks> blocks(AxisElements elements) {
    List<Blocks> found = new ArrayList<>();
    for (long at = 0; at < elements.length() && found.size() <= MOST_SERIES; ) {
      Blocks series = series(elements, at);
      found.add(series);
      at += series.length();
    }
    return found;
  }

  /** The longest series of equal blocks at equal distances from an element on. */
  private static Blocks series(AxisElements elements, long from) {
    long start = elements.coordinate(from);
    long block = elements.run(from);
    long next = from + block;
    if (next == elements.length()) {
      return new Blocks(start, block, block, block);
    }
    long stride = elements.coordinate(next) - start;
    if (elements.isRegular() && from == 0) {
      return new Blocks(start, stride, block, elements.length());
    }
    while (next < elements.length()
        && elements.run(next) == block
        && elements.coordinate(next) - elements.coordinate(next - block) == stride) {
      next += block;
    }
    return new Blocks(start, stride, block, next - from);
  }
}
