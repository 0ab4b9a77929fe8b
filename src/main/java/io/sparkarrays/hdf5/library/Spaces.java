// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.HDF5Constants;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.virtual.DataspaceSelection;
import java.util.Arrays;

/** Extents and selections as the library's dataspaces. */
final class Spaces {

  private Spaces() {}

  /** The space of an array; the caller closes it. */
  static long create(long[] dims, long[] maxDims) {
    if (dims.length == 0) {
      return H5.H5Screate(HDF5Constants.H5S_SCALAR);
    }
    return H5.H5Screate_simple(dims.length, dims, unlimited(maxDims));
  }

  /** The space of an array without greatest extents, as selections that grow need them. */
  static long growing(Shape shape) {
    long[] limits = new long[shape.rank()];
    Arrays.fill(limits, DataspaceSelection.UNLIMITED);
    return create(shape.dims(), limits);
  }

  private static long[] unlimited(long[] values) {
    return Arrays.stream(values)
        .map(value -> value == DataspaceSelection.UNLIMITED ? HDF5Constants.H5S_UNLIMITED : value)
        .toArray();
  }

  /** Selects a slab in a file's space, and makes the space of the elements in memory. */
  static long select(long space, Hyperslab slab) {
    int rank = slab.shape().rank();
    if (rank == 0) {
      return H5.H5Screate(HDF5Constants.H5S_SCALAR);
    }
    long[] start = new long[rank];
    long[] stride = new long[rank];
    long[] count = new long[rank];
    long[] block = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      start[axis] = slab.start(axis);
      block[axis] = slab.block(axis);
      count[axis] = slab.shape().dim(axis) / block[axis];
      stride[axis] =
          count[axis] == 1 ? block[axis] : slab.coordinate(axis, block[axis]) - start[axis];
    }
    H5.H5Sselect_hyperslab(space, HDF5Constants.H5S_SELECT_SET, start, stride, count, block);
    return H5.H5Screate_simple(rank, slab.shape().dims(), null);
  }

  /** Selects in a space what a mapping describes. */
  static void select(long space, DataspaceSelection selection) {
    if (selection instanceof DataspaceSelection.Regular regular) {
      H5.H5Sselect_hyperslab(
          space,
          HDF5Constants.H5S_SELECT_SET,
          regular.start(),
          regular.stride(),
          unlimited(regular.count()),
          unlimited(regular.block()));
    } else if (selection instanceof DataspaceSelection.Blocks blocks) {
      H5.H5Sselect_none(space);
      for (int i = 0; i < blocks.count(); i++) {
        or(space, blocks, i);
      }
    } else if (!(selection instanceof DataspaceSelection.All)) {
      throw new IllegalArgumentException("a mapping of " + selection);
    }
  }

  private static void or(long space, DataspaceSelection.Blocks blocks, int number) {
    int rank = blocks.rank();
    long[] start = new long[rank];
    long[] ones = new long[rank];
    long[] size = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      start[axis] = blocks.first(number, axis);
      ones[axis] = 1;
      size[axis] = blocks.last(number, axis) - start[axis] + 1;
    }
    H5.H5Sselect_hyperslab(space, HDF5Constants.H5S_SELECT_OR, start, null, ones, size);
  }
}
