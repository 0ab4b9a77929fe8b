// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ElementEncoder;
import io.sparkarrays.core.ElementOutOfRangeException;
import io.sparkarrays.core.ErrorCode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructType;

/**
 * Passes the elements of a Spark array of one type to an encoder, whole arrays at a time where
 * Spark gives them as such.
 */
abstract class ElementBlock {

  /** Encodes all elements of an array; none is null. */
  abstract void put(ArrayData array, ByteBuffer out) throws ElementOutOfRangeException;

  /** Encodes the value of a row's column. */
  abstract void putScalar(InternalRow row, int ordinal, ByteBuffer out)
      throws ElementOutOfRangeException;

  /**
   * The block for a Spark type.
   *
   * @throws ArrayException {@code COLUMN_TYPE} if it is no number
   */
  static ElementBlock of(DataType type, ElementEncoder encoder, String column) {
    if (type instanceof BooleanType) {
      return new Primitive(
          (a, out) -> encoder.put(a.toBooleanArray(), 0, a.numElements(), out),
          (r, i, out) -> encoder.put(new boolean[] {r.getBoolean(i)}, 0, 1, out));
    } else if (type instanceof ByteType) {
      return new Primitive(
          (a, out) -> encoder.put(a.toByteArray(), 0, a.numElements(), out),
          (r, i, out) -> encoder.put(new byte[] {r.getByte(i)}, 0, 1, out));
    } else if (type instanceof ShortType) {
      return new Primitive(
          (a, out) -> encoder.put(a.toShortArray(), 0, a.numElements(), out),
          (r, i, out) -> encoder.put(new short[] {r.getShort(i)}, 0, 1, out));
    } else if (type instanceof IntegerType) {
      return new Primitive(
          (a, out) -> encoder.put(a.toIntArray(), 0, a.numElements(), out),
          (r, i, out) -> encoder.put(new int[] {r.getInt(i)}, 0, 1, out));
    } else if (type instanceof LongType) {
      return new Primitive(
          (a, out) -> encoder.put(a.toLongArray(), 0, a.numElements(), out),
          (r, i, out) -> encoder.put(new long[] {r.getLong(i)}, 0, 1, out));
    } else if (type instanceof FloatType) {
      return new Primitive(
          (a, out) -> encoder.put(a.toFloatArray(), 0, a.numElements(), out),
          (r, i, out) -> encoder.put(new float[] {r.getFloat(i)}, 0, 1, out));
    } else if (type instanceof DoubleType) {
      return new Primitive(
          (a, out) -> encoder.put(a.toDoubleArray(), 0, a.numElements(), out),
          (r, i, out) -> encoder.put(new double[] {r.getDouble(i)}, 0, 1, out));
    } else if (type instanceof DecimalType decimal) {
      return decimals(decimal, encoder);
    } else if (type instanceof StructType struct && struct.length() == 2) {
      return complex(struct, encoder, column);
    }
    throw unsupported(type, column);
  }

  private static ArrayException unsupported(DataType type, String column) {
    return new ArrayException(
        ErrorCode.COLUMN_TYPE,
        "column " + column,
        "elements of type " + type.sql() + " are no numbers",
        "Give numbers, booleans, or STRUCT<re, im> for complex ones");
  }

  /** Decimals, for uint64 above all: no other Spark type holds all of its numbers. */
  private static ElementBlock decimals(DecimalType type, ElementEncoder encoder) {
    return new Primitive(
        (a, out) -> {
          BigDecimal[] values = new BigDecimal[a.numElements()];
          for (int i = 0; i < values.length; i++) {
            values[i] = a.getDecimal(i, type.precision(), type.scale()).toJavaBigDecimal();
          }
          encoder.put(values, 0, values.length, out);
        },
        (r, i, out) -> {
          Decimal value = r.getDecimal(i, type.precision(), type.scale());
          encoder.put(new BigDecimal[] {value.toJavaBigDecimal()}, 0, 1, out);
        });
  }

  private static ElementBlock complex(StructType type, ElementEncoder encoder, String column) {
    DataType part = type.fields()[0].dataType();
    if (!part.equals(type.fields()[1].dataType())) {
      throw unsupported(type, column);
    }
    if (part instanceof FloatType) {
      return new Primitive(
          (a, out) -> {
            float[] parts = new float[2 * a.numElements()];
            for (int i = 0; i < a.numElements(); i++) {
              InternalRow value = a.getStruct(i, 2);
              parts[2 * i] = value.getFloat(0);
              parts[2 * i + 1] = value.getFloat(1);
            }
            encoder.put(parts, 0, parts.length, out);
          },
          (r, i, out) -> {
            InternalRow value = r.getStruct(i, 2);
            encoder.put(new float[] {value.getFloat(0), value.getFloat(1)}, 0, 2, out);
          });
    } else if (part instanceof DoubleType) {
      return new Primitive(
          (a, out) -> {
            double[] parts = new double[2 * a.numElements()];
            for (int i = 0; i < a.numElements(); i++) {
              InternalRow value = a.getStruct(i, 2);
              parts[2 * i] = value.getDouble(0);
              parts[2 * i + 1] = value.getDouble(1);
            }
            encoder.put(parts, 0, parts.length, out);
          },
          (r, i, out) -> {
            InternalRow value = r.getStruct(i, 2);
            encoder.put(new double[] {value.getDouble(0), value.getDouble(1)}, 0, 2, out);
          });
    }
    throw unsupported(type, column);
  }

  @FunctionalInterface
  private interface ArrayPut {
    void put(ArrayData array, ByteBuffer out) throws ElementOutOfRangeException;
  }

  @FunctionalInterface
  private interface ScalarPut {
    void put(InternalRow row, int ordinal, ByteBuffer out) throws ElementOutOfRangeException;
  }

  /** A block made of its two ways of putting. */
  private static final class Primitive extends ElementBlock {
    private final ArrayPut arrays;
    private final ScalarPut scalars;

    Primitive(ArrayPut arrays, ScalarPut scalars) {
      this.arrays = arrays;
      this.scalars = scalars;
    }

    @Override
    void put(ArrayData array, ByteBuffer out) throws ElementOutOfRangeException {
      arrays.put(array, out);
    }

    @Override
    void putScalar(InternalRow row, int ordinal, ByteBuffer out) throws ElementOutOfRangeException {
      scalars.put(row, ordinal, out);
    }
  }
}
