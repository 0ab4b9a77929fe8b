// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Frames as plain bytes, read one element at a time: what a column of frames must be equal to. */
public final class StoredFrames {

  private final Dtype dtype;
  private final Shape frame;
  private final byte[] bytes;

  /**
   * @param dtype the elements
   * @param frame the shape of one frame
   * @param bytes all frames
   */
  public StoredFrames(Dtype dtype, Shape frame, byte[] bytes) {
    this.dtype = dtype;
    this.frame = frame;
    this.bytes = bytes;
  }

  public Dtype dtype() {
    return dtype;
  }

  public Shape frame() {
    return frame;
  }

  /** What a row's value must be, as numbers, booleans, strings of hexadecimal bytes and lists. */
  public Object expected(long index, Hyperslab region, DataType type) {
    if (type instanceof BinaryType) {
      StringBuilder hex = new StringBuilder();
      forEach(region, 0, 0, element -> appendLittleEndian(hex, index, element));
      return hex.toString();
    }
    return type instanceof ArrayType array
        ? list(index, region, 0, 0, array)
        : element(index, 0, type);
  }

  private List<Object> list(long index, Hyperslab region, int axis, long base, ArrayType type) {
    List<Object> values = new ArrayList<>();
    if (type.elementType() instanceof ArrayType inner) {
      for (long i = 0; i < region.shape().dim(axis); i++) {
        long at =
            (base + region.start(axis) + i) * (axis + 1 < frame.rank() ? frame.dim(axis + 1) : 1);
        values.add(list(index, region, axis + 1, at, inner));
      }
    } else {
      forEach(
          region, axis, base, element -> values.add(element(index, element, type.elementType())));
    }
    return values;
  }

  /** Visits a box from a dimension inwards; base counts elements of that dimension. */
  private void forEach(
      Hyperslab region, int axis, long base, java.util.function.LongConsumer visitor) {
    if (axis == frame.rank()) {
      visitor.accept(base);
      return;
    }
    for (long i = 0; i < region.shape().dim(axis); i++) {
      long at = base + region.start(axis) + i;
      forEach(region, axis + 1, axis + 1 < frame.rank() ? at * frame.dim(axis + 1) : at, visitor);
    }
  }

  private void appendLittleEndian(StringBuilder hex, long index, long element) {
    int width = dtype.type().componentSize();
    int at = (int) ((index * frame.size() + element) * dtype.size());
    for (int i = 0; i < dtype.size(); i++) {
      int from = dtype.bigEndian() ? i / width * width + width - 1 - i % width : i;
      hex.append(String.format("%02x", bytes[at + from]));
    }
  }

  private Object element(long index, long element, DataType type) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(dtype.order());
    int at = (int) ((index * frame.size() + element) * dtype.size());
    return switch (dtype.type()) {
      case BOOL -> in.get(at) != 0;
      case INT8 -> (long) in.get(at);
      case INT16 -> (long) in.getShort(at);
      case INT32 -> (long) in.getInt(at);
      case INT64 -> in.getLong(at);
      case UINT8 -> type.defaultSize() == 1 ? (long) in.get(at) : (long) (in.get(at) & 0xff);
      case UINT16 ->
          type.defaultSize() == 2 ? (long) in.getShort(at) : (long) (in.getShort(at) & 0xffff);
      case UINT32 -> type.defaultSize() == 4 ? (long) in.getInt(at) : in.getInt(at) & 0xffff_ffffL;
      case UINT64 ->
          type.defaultSize() == 8
              ? (Object) in.getLong(at)
              : new BigDecimal(Long.toUnsignedString(in.getLong(at)));
      case FLOAT16 -> (double) halfBySpec(in.getShort(at));
      case FLOAT32 -> (double) in.getFloat(at);
      case FLOAT64 -> in.getDouble(at);
      case COMPLEX64 -> List.of((double) in.getFloat(at), (double) in.getFloat(at + 4));
      case COMPLEX128 -> List.of(in.getDouble(at), in.getDouble(at + 8));
    };
  }

  private static float halfBySpec(short half) {
    int exponent = half >> 10 & 0x1f;
    int fraction = half & 0x3ff;
    double size =
        exponent == 31
            ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
            : exponent == 0
                ? fraction * 0x1p-24
                : (1024 + fraction) * Math.scalb(1.0, exponent - 25);
    return (float) (half < 0 ? -size : size);
  }

  /** A value that Spark holds, in the same terms. */
  public static Object actual(SpecializedGetters row, int ordinal, DataType type) {
    Object value = row.get(ordinal, type);
    if (type instanceof ArrayType array) {
      ArrayData data = (ArrayData) value;
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < data.numElements(); i++) {
        values.add(actual(data, i, array.elementType()));
      }
      return values;
    }
    if (type instanceof StructType struct) {
      List<Object> values = new ArrayList<>();
      StructField[] fields = struct.fields();
      for (int i = 0; i < fields.length; i++) {
        values.add(actual((InternalRow) value, i, fields[i].dataType()));
      }
      return values;
    }
    if (value instanceof byte[] bytes) {
      StringBuilder hex = new StringBuilder();
      for (byte b : bytes) {
        hex.append(String.format("%02x", b));
      }
      return hex.toString();
    }
    if (value instanceof Decimal decimal) {
      return decimal.toJavaBigDecimal();
    }
    if (value instanceof Float || type instanceof DoubleType) {
      return ((Number) value).doubleValue();
    }
    return value instanceof Number number ? (Object) number.longValue() : value;
  }
}
