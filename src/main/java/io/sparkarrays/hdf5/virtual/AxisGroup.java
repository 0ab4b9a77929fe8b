// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.core.Hyperslab;
import java.util.ArrayList;
import java.util.List;

/**
 * Neighbouring dimensions of a virtual data set and of a source, of which the one's elements are
 * the other's in C order; either side may have none, where the other has a single element.
 */
final class AxisGroup {

  private final ElementGrid target;
  private final int firstTarget;
  private final int targets;
  private final ElementGrid source;
  private final int firstSource;

  /** The source's dimensions of the group. */
  private final ElementGrid sources;

  /** From an index along a dimension of the virtual data set to the next, in the group's order. */
  private final long[] sequenceStep;

  AxisGroup(
      ElementGrid target,
      int firstTarget,
      int endTarget,
      ElementGrid source,
      int firstSource,
      int endSource) {
    this.target = target;
    this.firstTarget = firstTarget;
    this.targets = endTarget - firstTarget;
    this.source = source;
    this.firstSource = firstSource;
    int[] chosen = new int[endSource - firstSource];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = firstSource + i;
    }
    this.sources = source.pick(chosen);
    this.sequenceStep = new long[targets];
    long step = 1;
    for (int i = targets - 1; i >= 0; i--) {
      sequenceStep[i] = step;
      step *= target.axis(firstTarget + i).length();
    }
  }

  int firstSourceAxis() {
    return firstSource;
  }

  /** What a request needs; nothing if it meets none of the group's elements. */
  List<GridPair.GroupPart> parts(Hyperslab request, long[] requestSteps) {
    if (targets == 0) {
      AxisElements axis = source.axis(firstSource);
      return List.of(
          new GridPair.GroupPart(0, List.of(new CopyStep.AxisPart(axis.first(), 1, 1, 1, 0, 0))));
    }
    if (sources.rank() == 0) {
      long coordinate = target.axis(firstTarget).first();
      long index = request.indexFrom(firstTarget, coordinate);
      boolean meets =
          index < request.shape().dim(firstTarget)
              && request.coordinate(firstTarget, index) == coordinate;
      return meets
          ? List.of(new GridPair.GroupPart(index * requestSteps[firstTarget], List.of()))
          : List.of();
    }
    Runs runs = new Runs(requestSteps[firstTarget + targets - 1]);
    visit(request, requestSteps, 0, 0, 0, runs);
    return runs.finish();
  }

  /** Visits common elements of request and virtual data set: all indexes but along the last. */
  private void visit(
      Hyperslab request, long[] requestSteps, int depth, long offset, long sequence, Runs runs) {
    int axis = firstTarget + depth;
    AxisElements mine = target.axis(axis);
    long dim = request.shape().dim(axis);
    long r = 0;
    long k = 0;
    while (k < mine.length() && r < dim) {
      long at = request.coordinate(axis, r);
      long coordinate = mine.coordinate(k);
      if (coordinate < at) {
        k = mine.indexFrom(at);
      } else if (at < coordinate) {
        r = request.indexFrom(axis, coordinate);
      } else {
        long block = request.block(axis);
        long length = Math.min(mine.run(k), Math.min(dim - r, block - r % block));
        if (depth == targets - 1) {
          runs.add(offset + r * requestSteps[axis], sequence + k, length);
        } else {
          for (long i = 0; i < length; i++) {
            visit(
                request,
                requestSteps,
                depth + 1,
                offset + (r + i) * requestSteps[axis],
                sequence + (k + i) * sequenceStep[depth],
                runs);
          }
        }
        k += length;
        r += length;
      }
    }
  }

  /** Collects runs of the group's elements, joins them, and finds them in the source. */
  private final class Runs {
    private final long elementStep;
    private final List<GridPair.GroupPart> parts = new ArrayList<>();
    private final AxisRuns single;
    private long offset;
    private long sequence;
    private long length;

    Runs(long elementStep) {
      this.elementStep = elementStep;
      this.single =
          new AxisRuns(
              elementStep,
              (first, part) -> parts.add(new GridPair.GroupPart(first, List.of(part))));
    }

    void add(long to, long from, long count) {
      if (length > 0 && from == sequence + length && to == offset + length * elementStep) {
        length += count;
        return;
      }
      flush();
      offset = to;
      sequence = from;
      length = count;
    }

    private void flush() {
      if (length == 0) {
        return;
      }
      if (sources.rank() == 1) {
        single.add(sources.axis(0), sequence, offset, length);
        return;
      }
      long to = offset;
      for (ElementGrid grid : sources.part(sequence, sequence + length)) {
        boxes(grid, to);
        to += grid.size() * elementStep;
      }
    }

    List<GridPair.GroupPart> finish() {
      flush();
      single.finish();
      return parts;
    }

    /** A grid of the source that is whole: all combinations of the blocks along each dimension. */
    private void boxes(ElementGrid grid, long to) {
      List<GridPair.GroupPart> combined = List.of(new GridPair.GroupPart(to, List.of()));
      long step = grid.size() * elementStep;
      for (int axis = 0; axis < grid.rank(); axis++) {
        AxisElements elements = grid.axis(axis);
        step /= elements.length();
        List<GridPair.GroupPart> before = combined;
        List<GridPair.GroupPart> longer = new ArrayList<>();
        AxisRuns along =
            new AxisRuns(
                step,
                (first, part) -> {
                  for (GridPair.GroupPart one : before) {
                    List<CopyStep.AxisPart> axes = new ArrayList<>(one.axes());
                    axes.add(part);
                    longer.add(new GridPair.GroupPart(one.offset() + first, axes));
                  }
                });
        along.add(elements, 0, 0, elements.length());
        along.finish();
        combined = longer;
      }
      parts.addAll(combined);
    }
  }
}
