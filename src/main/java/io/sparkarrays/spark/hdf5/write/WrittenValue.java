// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.spark.write.FrameEncoder;
import io.sparkarrays.spark.write.FrameField;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What a column's values become: numbers or arrays of them, text, or compounds.
 *
 * @param field the column
 * @param dtype what numbers are stored as; null of text and compounds
 * @param frame the shape of a row's array, as far as it is known before the first row
 */
record WrittenValue(FrameField field, Dtype dtype, Shape frame) implements Serializable {

  private static final Set<String> REAL = Set.of("re", "r", "real");
  private static final Set<String> IMAGINARY = Set.of("im", "i", "imag");

  /**
   * Learns it of a column's type and metadata.
   *
   * @param wanted the dtype that the user wants of numbers
   * @param given the frame's shape that the user gave
   * @throws ArrayException {@code COLUMN_TYPE}, {@code OPTION_MISSING}
   */
  static WrittenValue of(FrameField field, Optional<Dtype> wanted, Optional<Shape> given) {
    DataType element = FrameField.elementOf(field.type());
    if (element instanceof StringType || isCompound(element)) {
      if (field.type() instanceof ArrayType) {
        throw unsupported(field.name(), field.type());
      }
      WrittenValue value = new WrittenValue(field, null, Shape.of());
      // Refuses now what no task could write.
      value.node();
      return value;
    }
    Dtype dtype = wanted.or(() -> dtype(field)).orElse(null);
    if (dtype == null && element instanceof BinaryType) {
      throw missing(field, "the dtype of its bytes", "dtype");
    } else if (dtype == null) {
      throw unsupported(field.name(), field.type());
    }
    Optional<Shape> shape = Optional.of(Shape.of());
    if (field.type() instanceof ArrayType || field.type() instanceof BinaryType) {
      shape = given.or(field::shape);
      if (shape.isEmpty() && field.type() instanceof BinaryType) {
        throw missing(field, "the shape of its frames", "frameShape");
      }
    }
    // Stored in the order of every common processor, whatever the source had.
    return new WrittenValue(field, Dtype.of(dtype.type()), shape.orElse(null));
  }

  /** Metadata that tell a dtype of something else than the column holds now are not looked at. */
  private static Optional<Dtype> dtype(FrameField field) {
    try {
      return field.dtype();
    } catch (ArrayException e) {
      return FrameField.natural(FrameField.elementOf(field.type())).map(Dtype::of);
    }
  }

  /** Structs of two numbers are complex only by their names. */
  private static boolean isCompound(DataType type) {
    if (!(type instanceof StructType struct)) {
      return false;
    }
    StructField[] parts = struct.fields();
    return parts.length != 2
        || !REAL.contains(parts[0].name().toLowerCase(Locale.ROOT))
        || !IMAGINARY.contains(parts[1].name().toLowerCase(Locale.ROOT))
        || !parts[0].dataType().equals(parts[1].dataType())
        || FrameField.natural(type).isEmpty();
  }

  private static ArrayException missing(FrameField field, String what, String option) {
    return new ArrayException(
        ErrorCode.OPTION_MISSING,
        "column " + field.name(),
        what + " is not in its metadata",
        "Give option " + option);
  }

  private static ArrayException unsupported(String name, DataType type) {
    return new ArrayException(
        ErrorCode.COLUMN_TYPE,
        "column " + name,
        type.sql() + " has no type in HDF5 files written here",
        "Give numbers, arrays of numbers, text or structs of these; cast it, or drop it");
  }

  /** Whether elements can be made of values as they come. */
  boolean isPlain() {
    return dtype != null;
  }

  /** The shape of a row's array, by the row if nothing else tells it. */
  Shape frame(InternalRow row) {
    if (frame != null) {
      return frame;
    }
    if (row.isNullAt(field.ordinal())) {
      throw ValueNode.isNull(field.name(), -1);
    }
    List<Long> dims = new ArrayList<>();
    ArrayData array = row.getArray(field.ordinal());
    DataType inner = ((ArrayType) field.type()).elementType();
    dims.add((long) array.numElements());
    while (inner instanceof ArrayType next && array.numElements() > 0 && !array.isNullAt(0)) {
      array = array.getArray(0);
      dims.add((long) array.numElements());
      inner = next.elementType();
    }
    return Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
  }

  /** An encoder of plain values. */
  FrameEncoder encoder(Shape shape) {
    return FrameEncoder.of(field, shape, dtype, false);
  }

  /** An encoder of other values. */
  ValueNode node() {
    return node(field);
  }

  private static ValueNode node(FrameField field) {
    DataType type = field.type();
    if (type instanceof StringType) {
      return new ValueNode.Text(field.name());
    } else if (isCompound(type)) {
      StructField[] parts = ((StructType) type).fields();
      List<String> names = new ArrayList<>();
      List<ValueNode> nodes = new ArrayList<>();
      for (int i = 0; i < parts.length; i++) {
        names.add(parts[i].name());
        nodes.add(node(new FrameField(i, parts[i])));
      }
      if (nodes.isEmpty()) {
        throw unsupported(field.name(), type);
      }
      return new ValueNode.Members(field.name(), names, nodes);
    }
    boolean array = type instanceof ArrayType || type instanceof BinaryType;
    Optional<Dtype> dtype = dtype(field).map(known -> Dtype.of(known.type()));
    Optional<Shape> shape = array ? field.shape() : Optional.of(Shape.of());
    if (dtype.isEmpty() || shape.isEmpty()) {
      throw unsupported(field.name(), type);
    }
    return new ValueNode.Numbers(
        FrameEncoder.of(field, shape.get(), dtype.get(), false),
        new ValueType.Plain(dtype.get()),
        shape.get());
  }
}
