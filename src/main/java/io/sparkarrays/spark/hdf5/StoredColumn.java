// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.ValueTypes;
import io.sparkarrays.hdf5.format.Datatype;
import io.sparkarrays.spark.source.FrameColumn;
import java.util.List;
import java.util.Optional;

/**
 * A data set as a column: its leading dimensions are the scan, the others are the frame, and the
 * arrays that its elements may be are the frame's innermost ones.
 *
 * @param scan the shape of the scan; no frames for a data set without elements
 * @param column the column
 * @param array the shape of the array in each element, of rank 0 if it is no such array
 * @param chunk the shape of a chunk, if there are chunks
 */
record StoredColumn(Shape scan, FrameColumn column, Shape array, Optional<Shape> chunk) {

  /**
   * What is in an element.
   *
   * @param type of each
   * @param array how many there are, where they are plain numbers; else the type is of the array
   */
  private record Elements(ValueType type, Shape array) {

    static Elements of(Dataset dataset) {
      if (dataset.datatype() instanceof Datatype.ArrayType array
          && array.base().dtype().isPresent()) {
        long[] dims = array.dims().stream().mapToLong(Integer::longValue).toArray();
        return new Elements(new ValueType.Plain(array.base().dtype().get()), Shape.of(dims));
      }
      ValueType type = ValueTypes.of(dataset.datatype());
      return new Elements(
          dataset.isVirtual() && hasVariable(type)
              ? new ValueType.Unmapped(
                  type.size(),
                  type.toString(),
                  "its elements are of variable length, in a virtual data set",
                  "Read its sources")
              : type,
          Shape.of());
    }

    private static boolean hasVariable(ValueType type) {
      if (type instanceof ValueType.Compound compound) {
        return compound.members().stream().anyMatch(member -> hasVariable(member.type()));
      }
      return type instanceof ValueType.Variable
          || (type instanceof ValueType.FixedArray array && hasVariable(array.element()));
    }
  }

  /**
   * The column of a data set.
   *
   * @throws ArrayException {@code SCANS_DIFFER}
   */
  static StoredColumn of(Dataset dataset, DatasetName name, int scanRank) {
    Shape shape = dataset.shape();
    Elements elements = Elements.of(dataset);
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
            elements.type(),
            shape.slice(scanRank, shape.rank()).concat(elements.array()),
            name.path()),
        elements.array(),
        dataset.chunk());
  }

  /** The columns of this one's members, if its elements are records; else this one. */
  List<FrameColumn> members() {
    if (!(column.type() instanceof ValueType.Compound record)) {
      return List.of(column);
    }
    return record.members().stream()
        .map(m -> new FrameColumn(m.name(), m.type(), column.frame(), column.source()))
        .toList();
  }

  /** The member of a data set's records that a column is, if it is one. */
  static Optional<ValueType.Member> member(Dataset dataset, FrameColumn column) {
    return !column.type().equals(Elements.of(dataset).type())
            && Elements.of(dataset).type() instanceof ValueType.Compound record
        ? record.members().stream()
            .filter(m -> m.name().equals(column.name()) && m.type().equals(column.type()))
            .findFirst()
        : Optional.empty();
  }

  /** How many of the frame's innermost dimensions are those of an array in each element. */
  int arrayRank() {
    return array.rank();
  }

  /** The rank of the scan by which a data set gives frames of a column. */
  static int scanRank(Dataset dataset, FrameColumn column) {
    int rank = dataset.shape().rank() + Elements.of(dataset).array().rank();
    return Math.max(0, Math.min(dataset.shape().rank(), rank - column.frame().rank()));
  }

  /** How many frames are in chunks together. */
  long unit() {
    return chunk.isPresent() ? unit(scan, chunk.get()) : 1;
  }

  /**
   * How many frames are in chunks together: those of all chunks that begin with the first frame.
   * Where chunks end in the middle of the outer dimensions, whole rows of these.
   */
  static long unit(Shape scan, Shape chunk) {
    for (int axis = 0; axis < scan.rank(); axis++) {
      long length = chunk.dim(axis);
      if (length > 1) {
        long stride = scan.slice(axis + 1, scan.rank()).size();
        boolean even = axis == 0 || scan.dim(axis) % length == 0;
        return Math.max(1, stride * (even ? Math.min(length, scan.dim(axis)) : scan.dim(axis)));
      }
    }
    return 1;
  }
}
