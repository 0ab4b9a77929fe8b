// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.Hdf5Writer;
import io.sparkarrays.hdf5.library.DatasetCreation;
import io.sparkarrays.hdf5.library.DatasetWriter;
import java.util.Arrays;

/** Data sets that grow with a scan, with an array for each of its points. */
final class ScanResults {

  /** Smaller arrays share a chunk. */
  private static final int SMALL = 10;

  /** Elements of a shared chunk, which each flush writes as a whole, at most. */
  private static final long MOST_SHARED = 1 << 16;

  private ScanResults() {}

  /** A data set with the first array. */
  static DatasetWriter create(Frame data, long[] scan, Hdf5Writer file, String path) {
    Dtype dtype =
        data.dtype()
            .orElseThrow(() -> new IllegalArgumentException(data + " is not made of numbers"));
    long[] ones = new long[scan.length];
    Arrays.fill(ones, 1);
    Shape shape = Shape.of(ones).concat(data.shape());
    long[] maxDims = Arrays.copyOf(scan, shape.rank());
    System.arraycopy(data.shape().dims(), 0, maxDims, scan.length, data.shape().rank());
    DatasetCreation creation = DatasetCreation.of(new ValueType.Plain(dtype), shape);
    if (shape.rank() > 0) {
      creation = creation.maxDims(maxDims).chunk(chunk(data.shape(), shape, maxDims));
    }
    DatasetWriter dataset = file.createDataset(path, creation);
    dataset.write(Hyperslab.all(shape), data.bytes());
    dataset.flush();
    return dataset;
  }

  /** One array, or, if it is small, all. */
  private static Shape chunk(Shape data, Shape shape, long[] maxDims) {
    if (data.size() >= SMALL) {
      return shape;
    }
    long[] dims = Arrays.stream(maxDims).map(dim -> Math.max(1, dim)).toArray();
    for (int axis = 0; axis < dims.length && Shape.of(dims).size() > MOST_SHARED; axis++) {
      long others = Shape.of(dims).size() / dims[axis];
      dims[axis] = Math.max(1, MOST_SHARED / others);
    }
    return Shape.of(dims);
  }

  /** Writes an array to its place. */
  static void append(Frame data, SliceMetadata slices, DatasetWriter dataset) {
    long[] dims = dataset.shape().dims();
    long[] maxDims = dataset.maxDims();
    int scan = slices.rank();
    if (dims.length != scan + data.shape().rank()) {
      throw outside(data, slices, dataset, "it has " + dims.length + " dimensions");
    }
    long[] start = new long[dims.length];
    long[] count = new long[dims.length];
    boolean grows = false;
    for (int axis = 0; axis < dims.length; axis++) {
      boolean inScan = axis < scan;
      start[axis] = inScan ? slices.slices().get(axis).start() : 0;
      long end = inScan ? slices.slices().get(axis).stop() : data.shape().dim(axis - scan);
      count[axis] = end - start[axis];
      if (maxDims[axis] >= 0 && end > maxDims[axis]) {
        throw outside(data, slices, dataset, "it grows to " + Arrays.toString(maxDims));
      }
      grows |= end > dims[axis];
      dims[axis] = Math.max(dims[axis], end);
    }
    if (grows) {
      dataset.extend(dims);
    }
    dataset.write(Hyperslab.of(start, count), data.bytes());
    dataset.flush();
  }

  private static ArrayException outside(
      Frame data, SliceMetadata slices, DatasetWriter dataset, String problem) {
    return new ArrayException(
        ErrorCode.FRAME_OUT_OF_RANGE,
        dataset.path(),
        problem + ", but " + data.shape() + " is to be at " + slices,
        "Give what was made of a frame of the scan that the data set was created for");
  }
}
