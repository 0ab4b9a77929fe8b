// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.util.Arrays;
import java.util.List;

/** The common ways to make one data set of several. */
public final class VirtualLayouts {

  private VirtualLayouts() {}

  /** Sources behind each other along a dimension: the files of a long scan. */
  public static VirtualLayout concatenate(ValueType type, int axis, List<VirtualSource> sources) {
    return tile(type, axis, 0, sources);
  }

  /** Sources along a new first dimension: a data set a file. */
  public static VirtualLayout stack(ValueType type, List<VirtualSource> sources) {
    Shape each = common(sources, -1);
    VirtualLayout layout = new VirtualLayout(type, Shape.of(sources.size()).concat(each));
    for (int i = 0; i < sources.size(); i++) {
      layout.map(i, sources.get(i));
    }
    return layout;
  }

  /** Sources beside each other along a dimension, with a gap: the modules of a detector. */
  public static VirtualLayout tile(
      ValueType type, int axis, long gap, List<VirtualSource> sources) {
    long[] dims = common(sources, axis).dims();
    dims[axis] = gap * (sources.size() - 1L);
    for (VirtualSource source : sources) {
      dims[axis] += source.shape().dim(axis);
    }
    VirtualLayout layout = new VirtualLayout(type, Shape.of(dims));
    long start = 0;
    for (VirtualSource source : sources) {
      long end = start + source.shape().dim(axis);
      if (end > start) {
        layout.map(source, along(axis, Slice.of(start, end)));
      }
      start = end + gap;
    }
    return layout;
  }

  /**
   * Sources that take turns along the first dimension: the files of a detector's writers.
   *
   * @param block how many frames a source has at a time
   */
  public static VirtualLayout interleave(ValueType type, long block, List<VirtualSource> sources) {
    if (block < 1) {
      throw invalid("blocks of " + block + " frames", "a block has one frame or more");
    }
    long[] dims = common(sources, 0).dims();
    long stride = block * sources.size();
    dims[0] = 0;
    for (int turn = 0; turn < sources.size(); turn++) {
      long frames = sources.get(turn).shape().dim(0);
      long last = frames - 1;
      if (frames > 0) {
        dims[0] = Math.max(dims[0], turn * block + last / block * stride + last % block + 1);
      }
    }
    VirtualLayout layout = new VirtualLayout(type, Shape.of(dims));
    for (int turn = 0; turn < sources.size(); turn++) {
      VirtualSource source = sources.get(turn);
      long frames = source.shape().dim(0);
      long whole = frames / block;
      long start = turn * block;
      if (whole * block == frames && whole > 0) {
        layout.map(source, Slice.blocks(start, stride, whole, block));
      } else {
        turns(layout, source, start, stride, block);
      }
    }
    return layout;
  }

  /** A source whose last turn is shorter. */
  private static void turns(
      VirtualLayout layout, VirtualSource source, long start, long stride, long block) {
    long frames = source.shape().dim(0);
    long whole = frames / block;
    if (whole > 0) {
      layout.map(
          source.slice(Slice.of(0, whole * block)), Slice.blocks(start, stride, whole, block));
    }
    long rest = frames - whole * block;
    if (rest > 0) {
      long from = start + whole * stride;
      layout.map(source.slice(Slice.of(whole * block, frames)), Slice.of(from, from + rest));
    }
  }

  /**
   * Sources behind each other along the first dimension, of which the last may grow: the files of a
   * scan that is not at its end.
   */
  public static VirtualLayout concatenateGrowing(ValueType type, List<VirtualSource> sources) {
    Shape whole = concatenate(type, 0, sources).shape();
    VirtualLayout layout = new VirtualLayout(type, whole);
    long start = 0;
    for (VirtualSource source : sources.subList(0, sources.size() - 1)) {
      long end = start + source.shape().dim(0);
      if (end > start) {
        layout.map(source, Slice.of(start, end));
      }
      start = end;
    }
    VirtualSource last = sources.get(sources.size() - 1);
    return layout.map(last.slice(Slice.of(0, Slice.UNLIMITED)), Slice.of(start, Slice.UNLIMITED));
  }

  /** Sources that take turns along the first dimension, and grow. */
  public static VirtualLayout interleaveGrowing(
      ValueType type, long block, List<VirtualSource> sources) {
    VirtualLayout layout = new VirtualLayout(type, interleave(type, block, sources).shape());
    long stride = block * sources.size();
    for (int turn = 0; turn < sources.size(); turn++) {
      VirtualSource part = sources.get(turn).slice(Slice.blocks(0, block, Slice.UNLIMITED, block));
      layout.map(part, Slice.blocks(turn * block, stride, Slice.UNLIMITED, block));
    }
    return layout;
  }

  private static Slice[] along(int axis, Slice slice) {
    Slice[] slices = new Slice[axis + 1];
    Arrays.fill(slices, Slice.all());
    slices[axis] = slice;
    return slices;
  }

  /** The extents that all sources have, but along one dimension. */
  private static Shape common(List<VirtualSource> sources, int except) {
    if (sources.isEmpty()) {
      throw invalid("no sources", "there is nothing to make a data set of");
    }
    Shape first = sources.get(0).shape();
    if (except >= first.rank()) {
      throw invalid(sources.get(0), "it has no dimension " + except);
    }
    for (VirtualSource source : sources) {
      boolean same = source.shape().rank() == first.rank();
      for (int axis = 0; same && axis < first.rank(); axis++) {
        same = axis == except || source.shape().dim(axis) == first.dim(axis);
      }
      if (!same) {
        throw invalid(source, "its shape does not fit " + first + " of " + sources.get(0));
      }
    }
    return first;
  }

  private static ArrayException invalid(Object where, String problem) {
    return new ArrayException(
        ErrorCode.VDS_MAPPING_INVALID,
        where,
        problem,
        "Give sources of equal shapes but along the dimension that they follow each other in");
  }
}
