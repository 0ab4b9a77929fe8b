// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.npz;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementEncoder;
import io.sparkarrays.core.ElementOutOfRangeException;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Half;
import io.sparkarrays.npz.NpyArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.LongType;

/** All elements of an array in the form that a column of rows has. */
final class EntryElements {

  private EntryElements() {}

  /**
   * Reads them: as bytes, those of numbers little-endian and others as stored, or as numbers of 64
   * bits if these hold all of them exactly.
   *
   * @throws ArrayException {@code VALUE_OUT_OF_RANGE}, {@code COLUMN_TYPE} for complex numbers, and
   *     what reading gives
   */
  static Object of(NpyArray array, DataType form) throws IOException {
    if (!(form instanceof ArrayType numbers)) {
      ByteBuffer stored = array.read();
      return array.isNumber() ? littleEndian(stored, array.dtype()) : bytes(stored);
    }
    Dtype dtype = array.dtype();
    ByteBuffer stored = array.read();
    if (dtype.type().kind() == 'c') {
      throw new ArrayException(
          ErrorCode.COLUMN_TYPE,
          array,
          "complex numbers are no values of " + form.sql(),
          "Read with option as = binary, or leave the array out");
    }
    boolean integers = numbers.elementType() instanceof LongType;
    try {
      return integers
          ? UnsafeArrayData.fromPrimitiveArray(longs(stored, dtype))
          : UnsafeArrayData.fromPrimitiveArray(doubles(stored, dtype));
    } catch (ElementOutOfRangeException e) {
      throw new ArrayException(
          ErrorCode.VALUE_OUT_OF_RANGE,
          array,
          e.getMessage(),
          "Read with option as = binary, or leave the array out",
          e);
    }
  }

  private static byte[] bytes(ByteBuffer stored) {
    byte[] bytes = new byte[stored.remaining()];
    stored.get(bytes);
    return bytes;
  }

  private static byte[] littleEndian(ByteBuffer stored, Dtype dtype) {
    byte[] bytes = bytes(stored);
    int width = dtype.type().componentSize();
    if (dtype.bigEndian()) {
      for (int at = 0; at < bytes.length; at += width) {
        for (int i = at, j = at + width - 1; i < j; i++, j--) {
          byte swapped = bytes[i];
          bytes[i] = bytes[j];
          bytes[j] = swapped;
        }
      }
    }
    return bytes;
  }

  private static long[] longs(ByteBuffer stored, Dtype dtype) throws ElementOutOfRangeException {
    long[] longs = new long[stored.remaining() / dtype.size()];
    ByteBuffer target = convert(stored, dtype, ElementType.INT64);
    target.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(longs);
    return longs;
  }

  private static double[] doubles(ByteBuffer stored, Dtype dtype)
      throws ElementOutOfRangeException {
    double[] doubles = new double[stored.remaining() / dtype.size()];
    ByteBuffer target = convert(stored, dtype, ElementType.FLOAT64);
    target.order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(doubles);
    return doubles;
  }

  private static ByteBuffer convert(ByteBuffer stored, Dtype dtype, ElementType type)
      throws ElementOutOfRangeException {
    int count = stored.remaining() / dtype.size();
    ElementEncoder encoder = ElementEncoder.of(Dtype.of(type));
    ByteBuffer target = ByteBuffer.allocate(Math.multiplyExact(count, type.size()));
    if (dtype.type().kind() == 'f') {
      double[] values = new double[count];
      for (int i = 0; i < count; i++) {
        values[i] = number(stored, dtype.type(), i);
      }
      encoder.put(values, 0, count, target);
    } else {
      long[] values = new long[count];
      for (int i = 0; i < count; i++) {
        values[i] = integer(stored, dtype.type(), i);
      }
      if (dtype.type() == ElementType.UINT64) {
        refuseLarge(values, type);
      }
      encoder.put(values, 0, count, target);
    }
    return target.flip();
  }

  private static double number(ByteBuffer stored, ElementType type, int i) {
    return switch (type) {
      case FLOAT16 -> Float.intBitsToFloat(Half.toFloatBits(stored.getShort(2 * i)));
      case FLOAT32 -> stored.getFloat(4 * i);
      default -> stored.getDouble(8 * i);
    };
  }

  private static long integer(ByteBuffer stored, ElementType type, int i) {
    return switch (type) {
      case BOOL -> stored.get(i) == 0 ? 0 : 1;
      case INT8 -> stored.get(i);
      case UINT8 -> Byte.toUnsignedLong(stored.get(i));
      case INT16 -> stored.getShort(2 * i);
      case UINT16 -> Short.toUnsignedLong(stored.getShort(2 * i));
      case INT32 -> stored.getInt(4 * i);
      case UINT32 -> Integer.toUnsignedLong(stored.getInt(4 * i));
      default -> stored.getLong(8 * i);
    };
  }

  private static void refuseLarge(long[] values, ElementType type) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0) {
        throw new ArrayException(
            ErrorCode.VALUE_OUT_OF_RANGE,
            "element " + i,
            Long.toUnsignedString(values[i]) + " is more than as = " + type.numpyName() + " takes",
            "Read with option as = binary, or leave the array out");
      }
    }
  }
}
