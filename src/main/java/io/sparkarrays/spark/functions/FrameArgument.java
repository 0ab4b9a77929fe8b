// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.reduce.ElementMemory;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.vectorized.ArrowColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * One argument's frame, row by row: what it holds and where its elements lie. Frames of Arrow
 * vectors (our own batches among them), of Spark's rows and of {@code binary} columns are seen in
 * place; nothing of them is copied or boxed as a whole. Used by one thread.
 */
final class FrameArgument {

  private final RawMemory raw = new RawMemory();
  private final VectorMemory vectors = new VectorMemory();
  private final PlainMemory plain = new PlainMemory();

  private ElementType type;
  private int size;
  private ElementMemory memory;
  private UTF8String dtypeName;
  private ElementType dtype;

  /** Takes a row's array. */
  FrameArgument at(ArrayData array, FrameType frame) {
    type = frame.elements();
    size = array.numElements();
    memory = find(array, frame);
    return this;
  }

  /**
   * Takes a row's bytes.
   *
   * @throws ArrayException {@code DTYPE_UNSUPPORTED}, {@code FRAME_LENGTH}
   */
  FrameArgument at(byte[] bytes, UTF8String name) {
    if (!name.equals(dtypeName)) {
      dtype = parse(name.toString());
      // Spark may use the name's memory again.
      dtypeName = name.copy();
    }
    type = dtype;
    if (bytes.length % type.size() != 0) {
      throw new ArrayException(
          ErrorCode.FRAME_LENGTH,
          "a binary frame",
          bytes.length + " bytes are no whole number of " + type.numpyName() + " elements",
          "Give the dtype in the column's metadata");
    }
    size = bytes.length / type.size();
    memory = raw.point(bytes, Platform.BYTE_ARRAY_OFFSET, 0, RawMemory.Layout.PACKED);
    return this;
  }

  private static ElementType parse(String name) {
    Dtype parsed = Dtype.parse(name);
    if (parsed.bigEndian()) {
      throw new ArrayException(
          ErrorCode.DTYPE_UNSUPPORTED,
          "dtype '" + name + "'",
          "binary frames are little-endian, whatever the file's byte order is",
          "Give '" + parsed.type().numpyName() + "'");
    }
    if (parsed.type().components() != 1) {
      throw new ArrayException(
          ErrorCode.DTYPE_UNSUPPORTED,
          "dtype '" + name + "'",
          "functions over frames take no complex elements",
          "Read the frames as arrays and take a part: transform(frame, z -> z.re)");
    }
    return parsed.type();
  }

  private ElementMemory find(ArrayData array, FrameType frame) {
    if (array instanceof UnsafeArrayData row) {
      return find(row, frame);
    }
    if (array instanceof ColumnarArray columnar) {
      ColumnVector vector = ColumnarArrays.vector(columnar);
      if (vector != null) {
        if (frame.containsNull() && vector.hasNull()) {
          requireNoNull(array);
        }
        return find(vector, ColumnarArrays.offset(columnar));
      }
    }
    if (frame.containsNull()) {
      requireNoNull(array);
    }
    return plain.point(array, type);
  }

  private ElementMemory find(UnsafeArrayData row, FrameType frame) {
    long header = UnsafeArrayData.calculateHeaderPortionInBytes(size);
    if (frame.containsNull()) {
      // The null bits, after the number of elements.
      for (long at = Long.BYTES; at < header; at += Long.BYTES) {
        if (Platform.getLong(row.getBaseObject(), row.getBaseOffset() + at) != 0) {
          requireNoNull(row);
        }
      }
    }
    // Its decimals of so many digits lie elsewhere and vary in length.
    return type == ElementType.UINT64
        ? plain.point(row, type)
        : raw.point(row.getBaseObject(), row.getBaseOffset() + header, 0, RawMemory.Layout.PACKED);
  }

  private ElementMemory find(ColumnVector vector, int offset) {
    if (vector instanceof ArrowColumnVector arrow) {
      ValueVector values = arrow.getValueVector();
      if (values instanceof BaseFixedWidthVector) {
        RawMemory.Layout layout =
            switch (type) {
              case BOOL -> RawMemory.Layout.BITS;
              case UINT64 -> RawMemory.Layout.WIDE;
              default -> RawMemory.Layout.PACKED;
            };
        return raw.point(null, values.getDataBuffer().memoryAddress(), offset, layout);
      }
    }
    return vectors.point(vector, offset, type == ElementType.BOOL);
  }

  private static void requireNoNull(ArrayData array) {
    for (int i = 0; i < array.numElements(); i++) {
      if (array.isNullAt(i)) {
        throw new ArrayException(
            ErrorCode.ELEMENT_NULL,
            "a frame of " + array.numElements() + " elements",
            "element " + i + " is null",
            "Put a number in its place: transform(frame, x -> coalesce(x, 0))");
      }
    }
  }

  /** The elements' type; of the Spark types the one that holds the same values. */
  ElementType type() {
    return type;
  }

  /** The number of elements. */
  int size() {
    return size;
  }

  /** The elements, until the next row. */
  ElementMemory memory() {
    return memory;
  }
}
