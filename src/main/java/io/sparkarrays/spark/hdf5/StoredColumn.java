// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.format.Datatype;
import io.sparkarrays.spark.source.FrameColumn;
import java.util.Optional;

/**
 * A data set as a column: its leading dimensions are the scan, the others are the frame, and the
 * arrays that its elements may be are the frame's innermost ones.
 *
 * @param scan the shape of the scan; no frames for a data set without elements
 * @param column the column
 * @param chunk the shape of a chunk, if there are chunks
 */
record StoredColumn(Shape scan, FrameColumn column, Optional<Shape> chunk) {

  /** The numbers in an element. */
  record Numbers(Dtype dtype, Shape array, boolean decoded) {

    /** Those of a data set; nothing if its elements are no numbers. */
    static Optional<Numbers> of(Dataset dataset) {
      if (dataset.datatype() instanceof Datatype.ArrayType array) {
        return array.base().dtype().map(dtype -> new Numbers(dtype, Shape.of(dims(array)), false));
      }
      return dataset
          .valueDtype()
          .map(dtype -> new Numbers(dtype, Shape.of(), dataset.dtype().isEmpty()));
    }

    private static long[] dims(Datatype.ArrayType array) {
      return array.dims().stream().mapToLong(Integer::longValue).toArray();
    }
  }

  /**
   * The column of a data set.
   *
   * @throws ArrayException {@code DTYPE_UNSUPPORTED}, {@code SCANS_DIFFER}
   */
  static StoredColumn of(Dataset dataset, DatasetName name, int scanRank) {
    Shape shape = dataset.shape();
    Numbers numbers =
        Numbers.of(dataset)
            .orElseThrow(
                () ->
                    new ArrayException(
                        ErrorCode.DTYPE_UNSUPPORTED,
                        dataset,
                        "its elements are of " + dataset.datatype(),
                        "Name other data sets with option dataset or datasets"));
    if (scanRank > shape.rank()) {
      throw new ArrayException(
          ErrorCode.SCANS_DIFFER,
          dataset,
          "its shape is " + shape + ", but a scan shall have " + scanRank + " dimensions",
          "Give a smaller scanRank, or leave the data set out");
    }
    return new StoredColumn(
        dataset.isNull() ? Shape.of(0) : shape.slice(0, scanRank),
        new FrameColumn(
            name.column(),
            numbers.dtype(),
            shape.slice(scanRank, shape.rank()).concat(numbers.array()),
            name.path()),
        dataset.chunk());
  }

  /**
   * How many frames are in chunks together: those of all chunks that begin with the first frame.
   * Where chunks end in the middle of the outer dimensions, whole rows of these.
   */
  long unit() {
    if (chunk.isEmpty()) {
      return 1;
    }
    for (int axis = 0; axis < scan.rank(); axis++) {
      long length = chunk.get().dim(axis);
      if (length > 1) {
        long stride = scan.slice(axis + 1, scan.rank()).size();
        boolean even = axis == 0 || scan.dim(axis) % length == 0;
        return Math.max(1, stride * (even ? Math.min(length, scan.dim(axis)) : scan.dim(axis)));
      }
    }
    return 1;
  }
}
