// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import io.sparkarrays.core.ElementType;
import java.io.Serializable;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructType;

/**
 * The type of a frame argument as analysis knows it: an array of numbers, or bytes whose dtype each
 * call names.
 *
 * @param spark the argument's type
 * @param elements what the elements are; null for {@code binary} frames
 */
record FrameType(DataType spark, ElementType elements) implements Serializable {

  /** Digits of the decimals that hold uint64. */
  static final int UINT64_DIGITS = 20;

  /**
   * The frame type of an argument's type.
   *
   * @throws UnsupportedOperationException with a message for the user, which Spark puts into its
   *     analysis error
   */
  static FrameType of(String argument, DataType type) {
    if (type instanceof BinaryType) {
      return new FrameType(type, null);
    }
    if (!(type instanceof ArrayType array)) {
      throw new UnsupportedOperationException(
          argument + " must be an array of numbers or a binary frame, but is " + type.sql());
    }
    return new FrameType(type, elements(argument, array.elementType()));
  }

  private static ElementType elements(String argument, DataType type) {
    if (type instanceof BooleanType) {
      return ElementType.BOOL;
    }
    if (type instanceof ByteType) {
      return ElementType.INT8;
    }
    if (type instanceof ShortType) {
      return ElementType.INT16;
    }
    if (type instanceof IntegerType) {
      return ElementType.INT32;
    }
    if (type instanceof LongType) {
      return ElementType.INT64;
    }
    if (type instanceof FloatType) {
      return ElementType.FLOAT32;
    }
    if (type instanceof DoubleType) {
      return ElementType.FLOAT64;
    }
    if (type instanceof DecimalType decimal
        && decimal.precision() == UINT64_DIGITS
        && decimal.scale() == 0) {
      return ElementType.UINT64;
    }
    throw new UnsupportedOperationException(
        argument + " is an array of " + type.sql() + ", not of numbers" + remedy(type));
  }

  private static String remedy(DataType type) {
    if (type instanceof ArrayType) {
      return "; read flat frames with option frames = array, or use flatten(…)";
    }
    if (type instanceof StructType) {
      return "; take a part of complex elements: transform(frame, z -> z.re)";
    }
    if (type instanceof DecimalType) {
      return " that numpy has; cast it to ARRAY<DOUBLE>";
    }
    return "";
  }

  /** Whether each call names the dtype. */
  boolean binary() {
    return elements == null;
  }

  /** Whether an element may be null. */
  boolean containsNull() {
    return spark instanceof ArrayType array && array.containsNull();
  }

  /**
   * The Spark type of one element; of binary frames DOUBLE, because analysis doesn't see dtypes.
   */
  DataType element() {
    return spark instanceof ArrayType array ? array.elementType() : DataTypes.DoubleType;
  }
}
