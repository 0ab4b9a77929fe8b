// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.core.Dtype;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.Platform;

/**
 * The elements of Spark's arrays as they lie in memory, where that is just what is stored: then a
 * frame is copied, or not even that, and none of its elements is looked at. Used by one thread.
 *
 * <p>An {@link UnsafeArrayData} is the number of elements, a bit an element that tells nulls, in
 * whole words, and the elements.
 */
final class RawElements {

  /** Bytes of a portion that is copied by way of the heap: few enough to stay in the cache. */
  private static final int PORTION = 1 << 15;

  private final int width;
  private ByteBuffer row = ByteBuffer.allocate(0);
  private byte[] portion = {};

  private RawElements(int width) {
    this.width = width;
  }

  /** For a Spark type that is stored as a dtype; null if elements must be converted. */
  static RawElements of(DataType type, Dtype dtype) {
    boolean order = dtype.type().componentSize() == 1 || dtype.order() == ByteOrder.nativeOrder();
    boolean same =
        FrameField.natural(type).filter(natural -> natural == dtype.type()).isPresent()
            && switch (dtype.type()) {
              case BOOL, INT8, INT16, INT32, INT64, FLOAT32, FLOAT64 -> true;
              default -> false;
            };
    return order && same ? new RawElements(dtype.type().size()) : null;
  }

  /** The elements themselves, if they are in an array of bytes; valid until the next call. */
  ByteBuffer view(UnsafeArrayData array) {
    if (!(array.getBaseObject() instanceof byte[] bytes)) {
      return null;
    }
    if (row.array() != bytes) {
      row = ByteBuffer.wrap(bytes);
    }
    int from = Math.toIntExact(start(array) - Platform.BYTE_ARRAY_OFFSET);
    return row.limit(from + array.numElements() * width).position(from);
  }

  /** Copies all elements to the buffer's position and moves it. */
  void put(UnsafeArrayData array, ByteBuffer out) {
    ByteBuffer view = view(array);
    if (view != null) {
      out.put(view);
      return;
    }
    if (portion.length == 0) {
      portion = new byte[PORTION];
    }
    int bytes = array.numElements() * width;
    long from = start(array);
    for (int at = 0; at < bytes; at += PORTION) {
      int n = Math.min(PORTION, bytes - at);
      Platform.copyMemory(array.getBaseObject(), from + at, portion, Platform.BYTE_ARRAY_OFFSET, n);
      out.put(portion, 0, n);
    }
  }

  private static long start(UnsafeArrayData array) {
    return array.getBaseOffset()
        + UnsafeArrayData.calculateHeaderPortionInBytes(array.numElements());
  }

  /** The first element that is null, or -1. */
  static int firstNull(ArrayData array) {
    int elements = array.numElements();
    if (array instanceof UnsafeArrayData unsafe) {
      long bits = unsafe.getBaseOffset() + Long.BYTES;
      for (int i = 0; i < elements; i += Long.SIZE, bits += Long.BYTES) {
        long word = Platform.getLong(unsafe.getBaseObject(), bits);
        if (word != 0) {
          return i + Long.numberOfTrailingZeros(word);
        }
      }
      return -1;
    }
    for (int i = 0; i < elements; i++) {
      if (array.isNullAt(i)) {
        return i;
      }
    }
    return -1;
  }
}
