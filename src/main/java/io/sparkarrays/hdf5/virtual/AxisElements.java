// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import java.util.Arrays;

/**
 * Coordinates along one dimension, ascending: blocks at regular distances, the first and last maybe
 * cut, or runs at any distances.
 */
final class AxisElements {

  private final long start;
  private final long stride;
  private final long block;

  /** Elements that the first block lacks at its beginning. */
  private final long phase;

  private final long length;

  /** First coordinates of runs, or null for regular blocks. */
  private final long[] firsts;

  /** Elements before each run, and in all. */
  private final long[] before;

  private AxisElements(long start, long stride, long block, long phase, long length) {
    this.start = start;
    // One block has no distance to a next one.
    boolean whole = stride == block || phase + length <= block;
    this.stride = whole ? Math.max(1, phase + length) : stride;
    this.block = whole ? Math.max(1, phase + length) : block;
    this.phase = phase;
    this.length = length;
    this.firsts = null;
    this.before = null;
  }

  private AxisElements(long[] firsts, long[] before) {
    this.start = 0;
    this.stride = 0;
    this.block = 0;
    this.phase = 0;
    this.firsts = firsts;
    this.before = before;
    this.length = before[before.length - 1];
  }

  void write(LongTape tape) {
    tape.write(firsts == null ? 0 : 1);
    if (firsts != null) {
      tape.writeAll(firsts);
      tape.writeAll(before);
      return;
    }
    tape.write(start);
    tape.write(stride);
    tape.write(block);
    tape.write(phase);
    tape.write(length);
  }

  static AxisElements read(LongTape tape) {
    return tape.read() != 0
        ? new AxisElements(tape.readAll(), tape.readAll())
        : new AxisElements(tape.read(), tape.read(), tape.read(), tape.read(), tape.read());
  }

  /** The coordinates {@code from} (inclusive) to {@code to} (exclusive). */
  static AxisElements range(long from, long to) {
    return new AxisElements(from, 1, 1, 0, Math.max(0, to - from));
  }

  /**
   * The first elements of blocks at regular distances.
   *
   * @throws ArithmeticException if a coordinate is 2^63 or more
   */
  static AxisElements blocks(long start, long stride, long block, long length) {
    if (block <= 0 || length == 0) {
      return range(start, start);
    }
    AxisElements elements = new AxisElements(start, stride, block, 0, length);
    long whole = Math.multiplyExact((length - 1) / elements.block, elements.stride);
    if (Math.addExact(Math.addExact(start, whole), elements.block) <= start) {
      throw new ArithmeticException("coordinates that don't ascend");
    }
    return elements;
  }

  /** Runs of coordinates, in order and apart. */
  static AxisElements runs(long[] firsts, long[] lengths) {
    if (firsts.length == 1) {
      return range(firsts[0], firsts[0] + lengths[0]);
    }
    long[] before = new long[firsts.length + 1];
    for (int i = 0; i < lengths.length; i++) {
      before[i + 1] = Math.addExact(before[i], lengths[i]);
    }
    return new AxisElements(firsts.clone(), before);
  }

  long length() {
    return length;
  }

  /** The coordinate of an element. */
  long coordinate(long index) {
    if (firsts != null) {
      int run = run0(index);
      return firsts[run] + index - before[run];
    }
    long at = index + phase;
    return at < block ? start + at : start + at / block * stride + at % block;
  }

  private int run0(long index) {
    int at = Arrays.binarySearch(before, index);
    // Where runs are empty, the last of equal starts is the one with elements.
    int run = at >= 0 ? at : -at - 2;
    while (run + 1 < firsts.length && before[run + 1] <= index) {
      run++;
    }
    return Math.min(run, firsts.length - 1);
  }

  /** The first element whose coordinate is not less than the given one. */
  long indexFrom(long coordinate) {
    if (firsts != null) {
      int at = Arrays.binarySearch(firsts, coordinate);
      int run = at >= 0 ? at : -at - 2;
      return run < 0 ? 0 : Math.min(before[run + 1], before[run] + coordinate - firsts[run]);
    }
    long ahead = coordinate - start;
    if (ahead <= 0 || length == 0) {
      return 0;
    }
    long at = ahead / stride * block + Math.min(block, ahead % stride);
    return Math.max(0, Math.min(length, at - phase));
  }

  /** How many elements lie side by side from one on. */
  long run(long index) {
    if (firsts != null) {
      return before[run0(index) + 1] - index;
    }
    long at = index + phase;
    return Math.min(block - at % block, length - index);
  }

  /** The first coordinate; there must be one. */
  long first() {
    return coordinate(0);
  }

  /** One more than the last coordinate, or 0 if there is none. */
  long end() {
    return length == 0 ? 0 : coordinate(length - 1) + 1;
  }

  /** The elements {@code from} (inclusive) to {@code to} (exclusive). */
  AxisElements part(long from, long to) {
    if (from == 0 && to == length) {
      return this;
    } else if (to <= from) {
      return range(0, 0);
    } else if (firsts != null) {
      return partOfRuns(from, to);
    }
    long at = from + phase;
    return new AxisElements(start + at / block * stride, stride, block, at % block, to - from);
  }

  private AxisElements partOfRuns(long from, long to) {
    int first = run0(from);
    int end = run0(to - 1) + 1;
    long[] starts = Arrays.copyOfRange(firsts, first, end);
    long[] lengths = new long[end - first];
    for (int run = first; run < end; run++) {
      long begin = Math.max(from, before[run]);
      starts[run - first] += begin - before[run];
      lengths[run - first] = Math.min(to, before[run + 1]) - begin;
    }
    return runs(starts, lengths);
  }

  /** Whether there are blocks at regular distances, of which the first is whole. */
  boolean isRegular() {
    return firsts == null && phase == 0;
  }

  /** Whether no coordinate is of the other too; errs to false. */
  boolean isApart(AxisElements other) {
    if (length == 0 || other.length == 0 || end() <= other.first() || other.end() <= first()) {
      return true;
    }
    if (firsts != null || other.firsts != null || stride != other.stride) {
      return false;
    }
    // Blocks of one distance: where the other's begin behind ours, going round.
    long behind = Math.floorMod(other.start - start, stride);
    return behind >= block && behind + other.block <= stride;
  }

  /** As a slice: {@code 10:20}; with gaps {@code 10:40:10/3}, blocks of 3 10 apart. */
  @Override
  public String toString() {
    if (length == 0) {
      return "0:0";
    }
    String ends = first() + ":" + end();
    if (firsts != null) {
      return ends + " in " + firsts.length + " runs";
    }
    return phase + length <= block ? ends : ends + ":" + stride + "/" + block;
  }
}
