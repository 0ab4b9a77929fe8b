// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.spark.options.FrameForm;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The Spark types of elements and frames; {@code docs/types.md} has the table. */
public final class SparkTypes {

  private static final DecimalType UINT64 = DataTypes.createDecimalType(20, 0);

  private SparkTypes() {}

  /**
   * The Spark type of one element.
   *
   * @param signed whether unsigned integers keep their width and are read as two's complement;
   *     otherwise they become the next wider type, 64 bits DECIMAL(20, 0)
   */
  public static DataType element(Dtype dtype, boolean signed) {
    return switch (dtype.type()) {
      case BOOL -> DataTypes.BooleanType;
      case INT8 -> DataTypes.ByteType;
      case UINT8 -> signed ? DataTypes.ByteType : DataTypes.ShortType;
      case INT16 -> DataTypes.ShortType;
      case UINT16 -> signed ? DataTypes.ShortType : DataTypes.IntegerType;
      case INT32 -> DataTypes.IntegerType;
      case UINT32 -> signed ? DataTypes.IntegerType : DataTypes.LongType;
      case INT64 -> DataTypes.LongType;
      case UINT64 -> signed ? DataTypes.LongType : UINT64;
      case FLOAT16, FLOAT32 -> DataTypes.FloatType;
      case FLOAT64 -> DataTypes.DoubleType;
      case COMPLEX64 -> complex(DataTypes.FloatType);
      case COMPLEX128 -> complex(DataTypes.DoubleType);
    };
  }

  /** The type of a frame in a form; a frame of rank 0 is its one element. */
  public static DataType frame(DataType element, Shape frame, FrameForm form) {
    if (frame.rank() == 0) {
      return element;
    }
    return switch (form) {
      case ARRAY -> DataTypes.createArrayType(element, false);
      case BINARY -> DataTypes.BinaryType;
      case NESTED -> arrays(element, frame.rank(), false);
    };
  }

  /** The type of one element of any type; unsigned integers in it as {@link #element} has them. */
  static DataType value(ValueType type, boolean signed) {
    if (type instanceof ValueType.Plain plain) {
      return element(plain.dtype(), signed);
    } else if (type instanceof ValueType.Converted converted) {
      return element(converted.dtype(), signed);
    } else if (type instanceof ValueType.Time time) {
      return TimeValues.sparkType(time);
    } else if (type instanceof ValueType.Compound compound) {
      return DataTypes.createStructType(
          compound.members().stream()
              .map(
                  member ->
                      DataTypes.createStructField(
                          member.name(), value(member.type(), signed), member.type().nullable()))
              .toList());
    } else if (type instanceof ValueType.FixedArray array) {
      ValueType element = array.element();
      return arrays(value(element, signed), array.shape().rank(), element.nullable());
    } else if (type instanceof ValueType.Sequence sequence) {
      ValueType element = sequence.element();
      return arrays(value(element, signed), 1, element.nullable());
    }
    boolean bytes = type instanceof ValueType.Opaque || type instanceof ValueType.Unmapped;
    return bytes ? DataTypes.BinaryType : DataTypes.StringType;
  }

  /** The type of a frame of values that are no plain numbers, which have no binary form. */
  static DataType values(ValueType type, boolean signed, Shape frame, FrameForm form) {
    int rank = form == FrameForm.NESTED ? frame.rank() : Math.min(1, frame.rank());
    return arrays(value(type, signed), rank, type.nullable());
  }

  private static DataType arrays(DataType element, int rank, boolean nullable) {
    DataType type = element;
    for (int axis = 0; axis < rank; axis++) {
      type = DataTypes.createArrayType(type, axis == 0 && nullable);
    }
    return type;
  }

  /** How many arrays an element is nested in. */
  static int depth(ValueType type) {
    if (type instanceof ValueType.FixedArray array) {
      return array.shape().rank() + depth(array.element());
    }
    return type instanceof ValueType.Sequence sequence ? 1 + depth(sequence.element()) : 0;
  }

  /** The parts of a type that is a struct: members of a compound, or of a complex number. */
  static ValueType.Compound compound(ValueType type) {
    if (type instanceof ValueType.Compound compound) {
      return compound;
    }
    Dtype dtype = ((ValueType.Plain) type).dtype();
    ElementType half =
        dtype.type() == ElementType.COMPLEX64 ? ElementType.FLOAT32 : ElementType.FLOAT64;
    ValueType part = new ValueType.Plain(new Dtype(half, dtype.bigEndian()));
    return new ValueType.Compound(
        dtype.size(),
        List.of(
            new ValueType.Member("re", 0, part), new ValueType.Member("im", part.size(), part)));
  }

  /** A member by its name. */
  static ValueType.Member member(ValueType.Compound compound, String name) {
    return compound.members().stream()
        .filter(member -> member.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no member " + name));
  }

  private static StructType complex(DataType part) {
    return new StructType(
        new StructField[] {
          DataTypes.createStructField("re", part, false),
          DataTypes.createStructField("im", part, false)
        });
  }
}
