// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Elements of a source that are read at once, and where they go: the hyperslab's C order runs over
 * nested loops of equal steps in the destination.
 */
final class CopyStep {

  /** A piece may be so many times larger than wished, so that a chunk is decoded once. */
  private static final int STRETCH = 16;

  private final AxisPart[] axes;
  private final Hyperslab source;
  private final long offset;
  private final long[] counts;
  private final long[] steps;

  /** Elements that lie side by side in the destination too. */
  private final long run;

  /**
   * Blocks along a dimension of the source, and where they go.
   *
   * @param start the first coordinate
   * @param stride from block to block
   * @param count blocks
   * @param run elements of a block
   * @param blockStep from block to block in the destination
   * @param elementStep from element to element there
   */
  record AxisPart(
      long start, long stride, long count, long run, long blockStep, long elementStep) {}

  /**
   * @param axes what to read along each dimension of the source
   * @param offset where the first element goes, counted in elements
   */
  CopyStep(AxisPart[] axes, long offset) {
    this.axes = axes;
    this.offset = offset;
    this.source =
        Hyperslab.of(
            Arrays.stream(axes).mapToLong(AxisPart::start).toArray(),
            Arrays.stream(axes).mapToLong(AxisPart::stride).toArray(),
            Arrays.stream(axes).mapToLong(AxisPart::count).toArray(),
            Arrays.stream(axes).mapToLong(AxisPart::run).toArray());
    long[] loops = new long[2 * axes.length];
    long[] along = new long[2 * axes.length];
    int at = loops.length;
    long side = 1;
    for (int i = loops.length - 1; i >= 0; i--) {
      AxisPart axis = axes[i / 2];
      long count = i % 2 == 0 ? axis.count() : axis.run();
      long step = i % 2 == 0 ? axis.blockStep() : axis.elementStep();
      if (count == 1) {
        continue;
      }
      boolean none = at == loops.length;
      if (none && step == side) {
        side *= count;
      } else if (!none && step == along[at] * loops[at]) {
        loops[at] *= count;
      } else {
        at--;
        loops[at] = count;
        along[at] = step;
      }
    }
    this.run = side;
    this.counts = Arrays.copyOfRange(loops, at, loops.length);
    this.steps = Arrays.copyOfRange(along, at, loops.length);
  }

  Hyperslab source() {
    return source;
  }

  /** Where the first element goes. */
  long offset() {
    return offset;
  }

  long size() {
    return source.shape().size();
  }

  /** Whether the destination's elements lie side by side. */
  boolean isContiguous() {
    return counts.length == 0;
  }

  /** Takes elements that lie side by side both in what was read and in the destination. */
  interface RunConsumer<E extends Exception> {
    void accept(long inSource, long inDestination, long length) throws E;
  }

  /** Visits the runs in the order of what is read. */
  <E extends Exception> void forEachRun(RunConsumer<E> consumer) throws E {
    long[] at = new long[counts.length];
    long to = offset;
    long from = 0;
    while (true) {
      consumer.accept(from, to, run);
      from += run;
      int loop = counts.length - 1;
      while (loop >= 0) {
        to += steps[loop];
        if (++at[loop] < counts[loop]) {
          break;
        }
        to -= steps[loop] * counts[loop];
        at[loop--] = 0;
      }
      if (loop < 0) {
        return;
      }
    }
  }

  /** Takes steps. */
  interface Consumer {
    void accept(CopyStep step) throws IOException;
  }

  /**
   * Cuts the step into pieces that lie in one piece in the destination, if they are long and cut no
   * chunk of the source.
   *
   * @param least elements of a piece
   * @return false if there are no such pieces; nothing was consumed then
   */
  boolean splitIntoRuns(long least, Optional<Shape> chunk, Consumer consumer) throws IOException {
    AxisPart[] cut = axes.clone();
    for (int outer = 0; outer < axes.length; outer++) {
      AxisPart axis = axes[outer];
      if (chunk.isPresent() && chunk.get().dim(outer) > 1 && axis.count() * axis.run() > 1) {
        return false;
      }
      cut[outer] = new AxisPart(axis.start(), 1, 1, 1, 0, 0);
      CopyStep piece = new CopyStep(cut.clone(), offset);
      if (piece.size() < least) {
        return false;
      } else if (piece.isContiguous()) {
        singles(cut, 0, outer, offset, consumer);
        return true;
      }
    }
    return false;
  }

  /** Visits all elements along the dimensions up to one, all at once of those behind it. */
  private void singles(AxisPart[] cut, int axis, int last, long to, Consumer consumer)
      throws IOException {
    if (axis > last) {
      consumer.accept(new CopyStep(cut.clone(), to));
      return;
    }
    AxisPart whole = axes[axis];
    for (long block = 0; block < whole.count(); block++) {
      for (long i = 0; i < whole.run(); i++) {
        cut[axis] = new AxisPart(whole.start() + block * whole.stride() + i, 1, 1, 1, 0, 0);
        long next = to + block * whole.blockStep() + i * whole.elementStep();
        singles(cut, axis + 1, last, next, consumer);
      }
    }
  }

  /**
   * Cuts the step into pieces of about so many elements, between chunks of the source where that is
   * not much more.
   */
  void split(long most, Optional<Shape> chunk, Consumer consumer) throws IOException {
    int axis = 0;
    while (axis < axes.length && source.shape().dim(axis) == 1) {
      axis++;
    }
    if (size() <= most || axis == axes.length) {
      consumer.accept(this);
      return;
    }
    AxisPart whole = axes[axis];
    long rows = Math.max(1, most / (size() / source.shape().dim(axis)));
    long unit = chunk.isPresent() ? chunk.get().dim(axis) : 1;
    long limit = rows > Long.MAX_VALUE / STRETCH ? Long.MAX_VALUE : rows * STRETCH;
    boolean blocks = whole.count() > 1;
    long all = blocks ? whole.count() : whole.run();
    long distance = blocks ? whole.stride() : 1;
    long at = 0;
    while (at < all) {
      long wished = at + Math.max(1, blocks ? rows / whole.run() : rows);
      long end = aligned(whole.start(), distance, at, wished, unit);
      if ((end - at) * (blocks ? whole.run() : 1) > limit) {
        end = wished;
      }
      end = Math.min(all, end);
      AxisPart[] cut = axes.clone();
      cut[axis] =
          new AxisPart(
              whole.start() + at * distance,
              whole.stride(),
              blocks ? end - at : 1,
              blocks ? whole.run() : end - at,
              whole.blockStep(),
              whole.elementStep());
      long step = blocks ? whole.blockStep() : whole.elementStep();
      CopyStep piece = new CopyStep(cut, offset + at * step);
      if (piece.size() < size()) {
        piece.split(most, chunk, consumer);
      } else {
        consumer.accept(piece);
      }
      at = end;
    }
  }

  /** The first place from the wished one back, else on, where a chunk begins. */
  private static long aligned(long start, long distance, long at, long wished, long unit) {
    long coordinate = start + wished * distance;
    long border = coordinate - coordinate % unit;
    long index = -Math.floorDiv(start - border, distance);
    if (index > at) {
      return index;
    }
    long first = start + at * distance;
    return -Math.floorDiv(start - (first - first % unit + unit), distance);
  }
}
