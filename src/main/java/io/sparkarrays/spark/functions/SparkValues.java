// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import io.sparkarrays.core.ElementType;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.Decimal;

/** Numbers as Spark's internal values of the type that holds an element type's values. */
final class SparkValues {

  private SparkValues() {}

  /** A whole number, of uint64 its bits. */
  static Object integer(ElementType type, long value) {
    return switch (type) {
      case BOOL -> value != 0;
      case INT8 -> (byte) value;
      case INT16 -> (short) value;
      case INT32 -> (int) value;
      case INT64 -> value;
      case UINT64 -> decimal(value);
      default -> throw new IllegalArgumentException("no column has elements of " + type);
    };
  }

  /** A floating-point number. */
  static Object floating(ElementType type, double value) {
    return type == ElementType.FLOAT32 ? (Object) (float) value : (Object) value;
  }

  /** The double nearest to a whole number. */
  static double asDouble(ElementType type, long value) {
    return type == ElementType.UINT64 ? decimal(value).toDouble() : value;
  }

  private static Decimal decimal(long bits) {
    BigInteger number = new BigInteger(Long.toUnsignedString(bits));
    return Decimal.apply(new BigDecimal(number), FrameType.UINT64_DIGITS, 0);
  }

  /** Whole numbers as an array of an element type. */
  static ArrayData integers(ElementType type, long[] values) {
    int size = values.length;
    return switch (type) {
      case INT8, BOOL -> {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
          bytes[i] = (byte) values[i];
        }
        yield bytes(type, bytes);
      }
      case INT16 -> {
        short[] shorts = new short[size];
        for (int i = 0; i < size; i++) {
          shorts[i] = (short) values[i];
        }
        yield UnsafeArrayData.fromPrimitiveArray(shorts);
      }
      case INT32 -> {
        int[] ints = new int[size];
        for (int i = 0; i < size; i++) {
          ints[i] = (int) values[i];
        }
        yield UnsafeArrayData.fromPrimitiveArray(ints);
      }
      case INT64 -> UnsafeArrayData.fromPrimitiveArray(values);
      default -> {
        Object[] decimals = new Object[size];
        for (int i = 0; i < size; i++) {
          decimals[i] = integer(type, values[i]);
        }
        yield new GenericArrayData(decimals);
      }
    };
  }

  /** Elements of one byte as an array: numbers, or bool as 0 and 1. */
  static ArrayData bytes(ElementType type, byte[] values) {
    if (type != ElementType.BOOL) {
      return UnsafeArrayData.fromPrimitiveArray(values);
    }
    boolean[] flags = new boolean[values.length];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = values[i] != 0;
    }
    return UnsafeArrayData.fromPrimitiveArray(flags);
  }

  /** Floating-point numbers as an array of an element type. */
  static ArrayData floats(ElementType type, double[] values) {
    if (type != ElementType.FLOAT32) {
      return UnsafeArrayData.fromPrimitiveArray(values);
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return UnsafeArrayData.fromPrimitiveArray(floats);
  }
}
