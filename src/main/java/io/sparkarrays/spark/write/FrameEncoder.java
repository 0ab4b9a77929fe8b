// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementEncoder;
import io.sparkarrays.core.ElementOutOfRangeException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import java.nio.ByteBuffer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;

/**
 * Turns the frame of a row into its stored bytes, of whatever form and Spark type the column is.
 * Lengths, nulls and values are checked. Reuses one buffer, so each writer has its own.
 */
public final class FrameEncoder {

  private final FrameField field;
  private final Shape shape;
  private final Dtype dtype;
  private final ByteBuffer frame;
  private final ElementBlock elements;

  /** Null where elements must be converted. */
  private final RawElements raw;

  private FrameEncoder(FrameField field, Shape shape, Dtype dtype, ByteBuffer frame) {
    this.field = field;
    this.shape = shape;
    this.dtype = dtype;
    this.frame = frame;
    this.elements =
        field.type() instanceof BinaryType
            ? null
            : ElementBlock.of(
                FrameField.elementOf(field.type()), ElementEncoder.of(dtype), field.name());
    this.raw =
        field.type() instanceof ArrayType
            ? RawElements.of(FrameField.elementOf(field.type()), dtype)
            : null;
  }

  /**
   * An encoder of a column's frames.
   *
   * @param shape the frame's shape
   * @param dtype what is stored
   * @throws ArrayException {@code COLUMN_TYPE} if the column can't hold such frames
   */
  public static FrameEncoder of(FrameField field, Shape shape, Dtype dtype) {
    return of(field, shape, dtype, true);
  }

  /** As the other; memory on the heap is for encoders that are many and short-lived. */
  public static FrameEncoder of(FrameField field, Shape shape, Dtype dtype, boolean direct) {
    int levels = levels(field.type());
    boolean fits =
        field.type() instanceof BinaryType
            || levels == shape.rank()
            || (levels == 1 && shape.rank() > 0);
    if (!fits) {
      throw new ArrayException(
          ErrorCode.COLUMN_TYPE,
          "column " + field.name(),
          "it is " + field.type().sql() + ", but a frame has the shape " + shape,
          "Give a flat array of its elements, arrays of arrays, or binary");
    }
    long bytes = Math.multiplyExact(shape.size(), (long) dtype.size());
    if (bytes > Integer.MAX_VALUE) {
      throw new ArrayException(
          ErrorCode.COLUMN_TYPE,
          "column " + field.name(),
          "a frame of " + bytes + " bytes is more than a row can hold",
          "Cut the frames into smaller ones");
    }
    ByteBuffer memory =
        direct ? ByteBuffer.allocateDirect((int) bytes) : ByteBuffer.allocate((int) bytes);
    return new FrameEncoder(field, shape, dtype, memory);
  }

  private static int levels(DataType type) {
    int levels = 0;
    DataType inner = type;
    while (inner instanceof ArrayType array) {
      inner = array.elementType();
      levels++;
    }
    return levels;
  }

  /**
   * The bytes of a row's frame, which may be the row's own memory; valid until the next call and as
   * long as the row is.
   *
   * @param index the frame's index, for messages
   * @throws ArrayException {@code FRAME_LENGTH}, {@code VALUE_OUT_OF_RANGE}
   */
  public ByteBuffer encode(InternalRow row, long index) {
    frame.clear();
    if (row.isNullAt(field.ordinal())) {
      throw new ArrayException(
          ErrorCode.VALUE_OUT_OF_RANGE,
          where(index),
          "the frame is null",
          "Filter such rows out, or replace nulls, by coalesce for instance");
    }
    try {
      if (field.type() instanceof BinaryType) {
        return binary(row.getBinary(field.ordinal()), index);
      } else if (shape.rank() == 0) {
        elements.putScalar(row, field.ordinal(), frame);
      } else {
        ArrayData array = row.getArray(field.ordinal());
        ArrayType type = (ArrayType) field.type();
        ByteBuffer view = view(array, type);
        if (view != null) {
          check(array, type, 0, index);
          return view;
        }
        encodeArray(array, type, 0, index);
      }
    } catch (ElementOutOfRangeException e) {
      throw new ArrayException(
          ErrorCode.VALUE_OUT_OF_RANGE,
          where(index),
          e.getMessage(),
          "Write with a dtype that holds all values, or mend the rows",
          e);
    }
    return frame.flip();
  }

  /** The memory of a flat array whose elements are stored as they are; null of any other. */
  private ByteBuffer view(ArrayData array, ArrayType type) {
    return raw != null
            && array instanceof UnsafeArrayData unsafe
            && !(type.elementType() instanceof ArrayType)
        ? raw.view(unsafe)
        : null;
  }

  private ByteBuffer binary(byte[] bytes, long index) {
    if (bytes.length != frame.capacity()) {
      throw wrongLength(bytes.length, frame.capacity(), "bytes", index);
    }
    if (!dtype.bigEndian()) {
      return ByteBuffer.wrap(bytes);
    }
    int width = dtype.type().componentSize();
    for (int at = 0; at < bytes.length; at += width) {
      for (int i = width - 1; i >= 0; i--) {
        frame.put(bytes[at + i]);
      }
    }
    return frame.flip();
  }

  private void check(ArrayData array, ArrayType type, int axis, long index) {
    boolean nested = type.elementType() instanceof ArrayType;
    long wanted = nested || axis > 0 ? shape.dim(axis) : shape.size();
    if (array.numElements() != wanted) {
      throw wrongLength(array.numElements(), wanted, "elements", index);
    }
    if (type.containsNull()) {
      refuseNulls(array, index);
    }
  }

  private void encodeArray(ArrayData array, ArrayType type, int axis, long index)
      throws ElementOutOfRangeException {
    check(array, type, axis, index);
    if (type.elementType() instanceof ArrayType inner) {
      for (int i = 0; i < array.numElements(); i++) {
        encodeArray(array.getArray(i), inner, axis + 1, index);
      }
    } else if (raw != null && array instanceof UnsafeArrayData unsafe) {
      raw.put(unsafe, frame);
    } else {
      elements.put(array, frame);
    }
  }

  private void refuseNulls(ArrayData array, long index) {
    int i = RawElements.firstNull(array);
    if (i >= 0) {
      throw new ArrayException(
          ErrorCode.VALUE_OUT_OF_RANGE,
          where(index),
          "element " + i + " is null, which " + dtype + " can't hold",
          "Replace nulls, by coalesce for instance");
    }
  }

  private ArrayException wrongLength(long found, long wanted, String unit, long index) {
    return new ArrayException(
        ErrorCode.FRAME_LENGTH,
        where(index),
        found + " " + unit + " where " + wanted + " make a frame of shape " + shape,
        "Check frameShape and the rows");
  }

  private String where(long index) {
    return "column " + field.name() + ", frame " + index;
  }
}
