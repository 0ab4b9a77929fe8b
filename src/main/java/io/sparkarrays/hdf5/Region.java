// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.virtual.DataspaceSelection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The elements of an array that slices choose: how many along each dimension, and which. */
final class Region {

  private final String text;
  private final Shape array;
  private final long[] start;
  private final long[] stride;
  private final long[] count;
  private final long[] block;

  /** Whether the dimension goes away. */
  private final boolean[] dropped;

  /** Indices along a dimension that are at no regular distances; else null. */
  private List<Long> indices;

  /** Whether no slice says more than that all are chosen. */
  private boolean whole = true;

  private int indicesAxis = -1;
  private int unlimited = -1;

  /** All elements. */
  private Region(Shape array, String text) {
    int rank = array.rank();
    this.text = text;
    this.array = array;
    this.start = new long[rank];
    this.stride = new long[rank];
    this.count = array.dims();
    this.block = new long[rank];
    this.dropped = new boolean[rank];
    Arrays.fill(stride, 1);
    Arrays.fill(block, 1);
  }

  static Region all(Shape array) {
    return new Region(array, "[...]");
  }

  /** Chooses elements of an array. */
  static Region of(List<Slice> slices, Shape array) {
    Region region = new Region(array, slices.toString());
    int axis = 0;
    int given = 0;
    for (Slice slice : slices) {
      given += slice instanceof Slice.Rest ? 0 : 1;
    }
    if (given > array.rank() || slices.size() > given + 1) {
      throw region.invalid("it has " + given + " slices for " + array.rank() + " dimensions");
    }
    for (Slice slice : slices) {
      if (slice instanceof Slice.Rest) {
        axis += array.rank() - given;
      } else {
        region.whole = false;
        region.set(axis++, slice);
      }
    }
    if (region.indices != null && region.unlimited >= 0) {
      throw region.invalid("a list of indices stands beside a slice without a limit");
    }
    return region;
  }

  private void set(int axis, Slice slice) {
    long size = array.dim(axis);
    if (slice instanceof Slice.Index one) {
      start[axis] = one.index() < 0 ? one.index() + size : one.index();
      count[axis] = 1;
      dropped[axis] = true;
      if (start[axis] < 0 || start[axis] >= size) {
        throw invalid("index " + one.index() + " is outside dimension " + axis + " of " + size);
      }
    } else if (slice instanceof Slice.Range range) {
      range(axis, range, size);
    } else if (slice instanceof Slice.Blocks blocks) {
      blocks(axis, blocks, size);
    } else if (slice instanceof Slice.Indices list) {
      indices(axis, list.indices(), size);
    }
  }

  private void range(int axis, Slice.Range range, long size) {
    if (range.step() < 1) {
      throw invalid("step " + range.step() + " of dimension " + axis + " is not 1 or more");
    }
    start[axis] = inside(range.start(), size);
    stride[axis] = range.step();
    if (range.stop() == Slice.UNLIMITED) {
      start[axis] = range.start() < 0 ? start[axis] : range.start();
      setUnlimited(axis);
    } else {
      long length = Math.max(0, inside(range.stop(), size) - start[axis]);
      count[axis] = (length + range.step() - 1) / range.step();
    }
  }

  private static long inside(long at, long size) {
    return Math.max(0, Math.min(size, at < 0 ? at + size : at));
  }

  private void setUnlimited(int axis) {
    if (unlimited >= 0) {
      throw invalid("dimensions " + unlimited + " and " + axis + " are both without a limit");
    }
    unlimited = axis;
    count[axis] = DataspaceSelection.UNLIMITED;
  }

  private void blocks(int axis, Slice.Blocks blocks, long size) {
    boolean endless = blocks.count() == Slice.UNLIMITED;
    boolean wrong =
        blocks.start() < 0
            || blocks.block() < 1
            || blocks.stride() < blocks.block()
            || (!endless && blocks.count() < 0);
    long end = blocks.start() + (blocks.count() - 1) * blocks.stride() + blocks.block();
    if (wrong || (!endless && blocks.count() > 0 && end > size)) {
      throw invalid("blocks of dimension " + axis + " overlap or are outside its " + size);
    }
    start[axis] = blocks.start();
    stride[axis] = blocks.stride();
    count[axis] = blocks.count();
    block[axis] = blocks.block();
    if (endless) {
      setUnlimited(axis);
    }
  }

  private void indices(int axis, List<Long> list, long size) {
    if (indices != null) {
      throw invalid("two dimensions have lists of indices");
    }
    for (int i = 0; i < list.size(); i++) {
      boolean increases = i == 0 || list.get(i) > list.get(i - 1);
      if (!increases || list.get(i) < 0 || list.get(i) >= size) {
        throw invalid("indices of dimension " + axis + " do not increase inside its " + size);
      }
    }
    indices = list;
    indicesAxis = axis;
    count[axis] = list.size();
  }

  /** The selection as it is stored. */
  DataspaceSelection selection() {
    if (whole) {
      return new DataspaceSelection.All();
    }
    if (indices == null) {
      return new DataspaceSelection.Regular(start, stride, count, block);
    }
    // Boxes, one an index: the other dimensions may have steps, so they are counted up.
    List<long[]> firsts = new ArrayList<>();
    firsts.add(start.clone());
    long[] ends = new long[array.rank()];
    for (int axis = 0; axis < array.rank(); axis++) {
      firsts = multiplied(firsts, axis, ends);
    }
    long[] corners = new long[firsts.size() * 2 * ends.length];
    int at = 0;
    for (long[] first : firsts) {
      for (int axis = 0; axis < ends.length; axis++) {
        corners[at + axis] = first[axis];
        corners[at + ends.length + axis] = first[axis] + ends[axis];
      }
      at += 2 * ends.length;
    }
    return new DataspaceSelection.Blocks(ends.length, corners);
  }

  /** Each box again at each place along a dimension; {@code ends} takes how far a box reaches. */
  private List<long[]> multiplied(List<long[]> boxes, int axis, long[] ends) {
    boolean whole = axis != indicesAxis && stride[axis] == block[axis];
    ends[axis] = whole ? count[axis] * block[axis] - 1 : block[axis] - 1;
    if (whole) {
      return boxes;
    }
    List<long[]> all = new ArrayList<>();
    for (long[] box : boxes) {
      for (int i = 0; i < count[axis]; i++) {
        long[] moved = box.clone();
        moved[axis] = axis == indicesAxis ? indices.get(i) : start[axis] + i * stride[axis];
        all.add(moved);
      }
    }
    return all;
  }

  /** The dimension without a limit, or -1. */
  int unlimitedAxis() {
    return unlimited;
  }

  /** Elements; along a dimension without a limit those of one block. */
  long size() {
    long size = 1;
    for (int axis = 0; axis < count.length; axis++) {
      size *= axis == unlimited ? block[axis] : count[axis] * block[axis];
    }
    return size;
  }

  /** Elements along the dimensions, those of one alone left out; -1 for one without a limit. */
  List<Long> extents() {
    List<Long> extents = new ArrayList<>();
    for (int axis = 0; axis < count.length; axis++) {
      long extent = axis == unlimited ? DataspaceSelection.UNLIMITED : count[axis] * block[axis];
      if (extent != 1) {
        extents.add(extent);
      }
    }
    return extents;
  }

  /** The shape of the elements as an array; a dimension without a limit as it is now. */
  Shape shape() {
    List<Long> dims = new ArrayList<>();
    for (int axis = 0; axis < count.length; axis++) {
      long steps = count[axis];
      if (axis == unlimited) {
        long left = Math.max(0, array.dim(axis) - start[axis]);
        steps = (left + stride[axis] - 1) / stride[axis];
      }
      if (!dropped[axis]) {
        dims.add(steps * block[axis]);
      }
    }
    return Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
  }

  ArrayException invalid(String problem) {
    return new ArrayException(
        ErrorCode.VDS_MAPPING_INVALID,
        this,
        problem,
        "Give an index or a slice of elements that are there, one a dimension at most");
  }

  @Override
  public String toString() {
    return text + " of " + array;
  }
}
