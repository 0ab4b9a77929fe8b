// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import java.util.ArrayList;
import java.util.List;

/**
 * Elements along one dimension, chosen as Python's slices and h5py do: an index takes the dimension
 * away, negative numbers count from the end, a stop beyond the end is the end.
 */
public sealed interface Slice {

  /** A stop or a count without a limit: as far as the source grows. */
  long UNLIMITED = Long.MIN_VALUE;

  /** A stop at the end. */
  long END = Long.MAX_VALUE;

  /** One element. */
  record Index(long index) implements Slice {}

  /** Every {@code step}th element from {@code start} up to before {@code stop}. */
  record Range(long start, long stop, long step) implements Slice {}

  /** {@code count} blocks of {@code block} elements, {@code stride} apart. */
  record Blocks(long start, long stride, long count, long block) implements Slice {}

  /** Elements of increasing indices. */
  record Indices(List<Long> indices) implements Slice {}

  /** All of as many dimensions as the other slices leave. */
  record Rest() implements Slice {}

  /** One element, whose dimension goes away. */
  static Slice at(long index) {
    return new Index(index);
  }

  /** All elements there are now. */
  static Slice all() {
    return new Range(0, END, 1);
  }

  /** Elements from {@code start} to before {@code stop}, which may be {@link #UNLIMITED}. */
  static Slice of(long start, long stop) {
    return new Range(start, stop, 1);
  }

  /** The same with a step, of 1 or more. */
  static Slice of(long start, long stop, long step) {
    return new Range(start, stop, step);
  }

  /** Blocks at regular distances, whose count may be {@link #UNLIMITED}. */
  static Slice blocks(long start, long stride, long count, long block) {
    return new Blocks(start, stride, count, block);
  }

  /** Elements of indices that increase. */
  static Slice indices(long... increasing) {
    List<Long> list = new ArrayList<>();
    for (long index : increasing) {
      list.add(index);
    }
    return new Indices(List.copyOf(list));
  }

  /** Python's {@code ...}. */
  static Slice rest() {
    return new Rest();
  }

  /** The elements of a slab, one slice a dimension; none goes away. */
  static List<Slice> of(Hyperslab slab) {
    List<Slice> slices = new ArrayList<>();
    for (int axis = 0; axis < slab.shape().rank(); axis++) {
      long start = slab.start(axis);
      long size = slab.shape().dim(axis);
      long block = slab.block(axis);
      slices.add(
          size == block
              ? of(start, start + size)
              : blocks(start, slab.coordinate(axis, block) - start, size / block, block));
    }
    return slices;
  }

  /**
   * Reads slices as they stand in Python's brackets: {@code 0, ::2, -3:, ..., :U}, where {@code U}
   * or {@code UNLIMITED} is h5py's.
   *
   * @throws ArrayException {@code VDS_MAPPING_INVALID}
   */
  static List<Slice> parse(String text) {
    List<Slice> slices = new ArrayList<>();
    for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
      slices.add(one(part.strip(), text));
    }
    return slices;
  }

  private static Slice one(String part, String text) {
    if (part.equals("...")) {
      return rest();
    }
    String[] ends = part.split(":", -1);
    try {
      return switch (ends.length) {
        case 1 -> at(Long.parseLong(part));
        case 2 -> of(number(ends[0], 0), number(ends[1], END));
        case 3 -> of(number(ends[0], 0), number(ends[1], END), number(ends[2], 1));
        default -> throw new NumberFormatException("too many colons");
      };
    } catch (NumberFormatException e) {
      throw new ArrayException(
          ErrorCode.VDS_MAPPING_INVALID,
          "[" + text + "]",
          "'" + part + "' is no index and no slice start:stop:step",
          "Write slices as Python does, such as 0, ::2, :U",
          e);
    }
  }

  private static long number(String text, long absent) {
    String number = text.strip();
    if (number.isEmpty()) {
      return absent;
    }
    boolean unlimited = number.equals("U") || number.equals("UNLIMITED");
    return unlimited ? UNLIMITED : Long.parseLong(number);
  }
}
