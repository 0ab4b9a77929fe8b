// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which elements are taken along one dimension, as Python's indexing says it: counted from the end
 * where negative.
 */
public sealed interface Index extends Serializable {

  /** One position; the dimension disappears. */
  record At(long position) implements Index {}

  /**
   * A slice, whose ends are clipped to the dimension.
   *
   * @param start first position; null for the first in the step's direction
   * @param stop position after the last; null for all
   * @param step distance between two, which may be negative
   */
  record Slice(Long start, Long stop, long step) implements Index {
    /** Refuses a step of zero. */
    public Slice {
      if (step == 0) {
        throw new IllegalArgumentException("a slice's step is 0");
      }
    }
  }

  /** Positions in any order. */
  record Positions(List<Long> positions) implements Index {
    /** Copies them. */
    public Positions {
      positions = List.copyOf(positions);
    }
  }

  /** One position. */
  static Index at(long position) {
    return new At(position);
  }

  /** The whole dimension. */
  static Index all() {
    return new Slice(null, null, 1);
  }

  /** From a position up to another one. */
  static Index slice(long start, long stop) {
    return new Slice(start, stop, 1);
  }

  /** Every {@code step}-th from a position up to another one. */
  static Index slice(long start, long stop, long step) {
    return new Slice(start, stop, step);
  }

  /** Positions in any order. */
  static Index positions(long... positions) {
    return new Positions(Arrays.stream(positions).boxed().toList());
  }

  /**
   * Reads what stands between Python's brackets: {@code 2, 1:5, ::-1, [0, 3]}.
   *
   * @throws ArrayException {@code OPTION_INVALID}
   */
  static List<Index> parse(String text) {
    List<Index> indices = new ArrayList<>();
    for (String part : text.split(",(?![^\\[]*\\])", -1)) {
      try {
        indices.add(parseOne(part.strip()));
      } catch (IllegalArgumentException e) {
        throw new ArrayException(
            ErrorCode.OPTION_INVALID,
            "index '" + text + "'",
            "'" + part.strip() + "' is no position, slice or list of positions",
            "Write one for each dimension, as in Python: 2, 1:5, ::2, [0, 3]",
            e);
      }
    }
    return indices;
  }

  private static Index parseOne(String part) {
    if (part.startsWith("[") && part.endsWith("]")) {
      String inner = part.substring(1, part.length() - 1).strip();
      return new Positions(
          inner.isEmpty()
              ? List.of()
              : Arrays.stream(inner.split(",")).map(p -> Long.valueOf(p.strip())).toList());
    }
    String[] ends = part.split(":", -1);
    if (ends.length == 1) {
      return at(Long.parseLong(part));
    }
    if (ends.length > 3) {
      throw new IllegalArgumentException("too many colons");
    }
    Long step = ends.length == 3 ? number(ends[2]) : null;
    return new Slice(number(ends[0]), number(ends[1]), step == null ? 1 : step);
  }

  private static Long number(String text) {
    return text.isBlank() ? null : Long.valueOf(text.strip());
  }

  /** What an index is along a dimension: evenly spaced positions, or listed ones. */
  record Resolved(long start, long step, long count, boolean single, long[] listed) {

    /** The position of the i-th element. */
    public long position(long i) {
      return listed == null ? start + i * step : listed[(int) i];
    }
  }

  /**
   * Finds the positions along a dimension.
   *
   * @throws IndexOutOfBoundsException if a position is outside
   */
  default Resolved resolve(long dim) {
    if (this instanceof At at) {
      return new Resolved(inside(at.position(), dim), 1, 1, true, null);
    } else if (this instanceof Positions list) {
      long[] positions = list.positions().stream().mapToLong(p -> inside(p, dim)).toArray();
      return new Resolved(0, 1, positions.length, false, positions);
    }
    Slice slice = (Slice) this;
    boolean up = slice.step() > 0;
    long least = up ? 0 : -1;
    long most = up ? dim : dim - 1;
    long start = slice.start() == null ? (up ? 0 : dim - 1) : clip(slice.start(), dim, least, most);
    long stop = slice.stop() == null ? (up ? dim : -1) : clip(slice.stop(), dim, least, most);
    long way = up ? stop - start : start - stop;
    long stride = Math.abs(slice.step());
    long count = way <= 0 ? 0 : (way - 1) / stride + 1;
    return new Resolved(count == 0 ? 0 : start, slice.step(), count, false, null);
  }

  private static long clip(long position, long dim, long least, long most) {
    return Math.max(least, Math.min(most, position < 0 ? position + dim : position));
  }

  private static long inside(long position, long dim) {
    long found = position < 0 ? position + dim : position;
    if (found < 0 || found >= dim) {
      throw new IndexOutOfBoundsException(position + " in a dimension of " + dim);
    }
    return found;
  }

  /**
   * The indices of all dimensions: those given, and all of each dimension that is left.
   *
   * @throws IndexOutOfBoundsException if there are more than dimensions
   */
  static List<Index> complete(List<Index> indices, int rank) {
    if (indices.size() > rank) {
      throw new IndexOutOfBoundsException(indices.size() + " indices for " + rank + " dimensions");
    }
    List<Index> whole = new ArrayList<>(indices);
    while (whole.size() < rank) {
      whole.add(all());
    }
    return whole;
  }
}
