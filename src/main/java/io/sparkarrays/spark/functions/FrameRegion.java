// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.reduce.ElementMemory;
import java.io.Serial;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * {@code frame_region(frame, height, width, y0, y1, x0, x1)}: the elements of rows y0 to y1 and
 * columns x0 to x1, their ends excluded, as numpy's {@code frame[y0:y1, x0:x1]}; a frame of the
 * argument's own type.
 */
public final class FrameRegion extends FrameFunction {
  @Serial private static final long serialVersionUID = 1L;

  static final Signature SIGNATURE =
      Signature.of("frame_region", "height", "width", "y0", "y1", "x0", "x1");

  FrameRegion(Call call) {
    super(call, call.frame().spark());
  }

  /** Called for array frames. */
  public ArrayData invoke(
      ArrayData frame, long height, long width, long y0, long y1, long x0, long x1) {
    if (frame == null) {
      return null;
    }
    FrameArgument argument = Workspace.get().frame().at(frame, call().frame());
    Box box = Box.of(height, width, y0, y1, x0, x1, argument.size());
    return cut(argument.type(), argument.memory(), box);
  }

  /** Called for binary frames. */
  public byte[] invoke(
      byte[] frame, long height, long width, long y0, long y1, long x0, long x1, UTF8String dtype) {
    if (frame == null || dtype == null) {
      return null;
    }
    FrameArgument argument = Workspace.get().frame().at(frame, dtype);
    Box box = Box.of(height, width, y0, y1, x0, x1, argument.size());
    int bytes = argument.type().size();
    byte[] region = new byte[box.size() * bytes];
    for (int row = 0; row < box.rows(); row++) {
      System.arraycopy(
          frame,
          box.start(row) * bytes,
          region,
          row * box.columns() * bytes,
          box.columns() * bytes);
    }
    return region;
  }

  private static ArrayData cut(ElementType type, ElementMemory frame, Box box) {
    int size = box.size();
    int columns = box.columns();
    switch (type) {
      case FLOAT32 -> {
        float[] region = new float[size];
        for (int row = 0; row < box.rows(); row++) {
          frame.copy(box.start(row), columns, region, row * columns);
        }
        return UnsafeArrayData.fromPrimitiveArray(region);
      }
      case FLOAT64 -> {
        double[] region = new double[size];
        for (int row = 0; row < box.rows(); row++) {
          frame.copy(box.start(row), columns, region, row * columns);
        }
        return UnsafeArrayData.fromPrimitiveArray(region);
      }
      case INT16 -> {
        short[] region = new short[size];
        for (int row = 0; row < box.rows(); row++) {
          frame.copy(box.start(row), columns, region, row * columns);
        }
        return UnsafeArrayData.fromPrimitiveArray(region);
      }
      case INT32 -> {
        int[] region = new int[size];
        for (int row = 0; row < box.rows(); row++) {
          frame.copy(box.start(row), columns, region, row * columns);
        }
        return UnsafeArrayData.fromPrimitiveArray(region);
      }
      case INT64, UINT64 -> {
        long[] region = new long[size];
        for (int row = 0; row < box.rows(); row++) {
          frame.copy(box.start(row), columns, region, row * columns);
        }
        return SparkValues.integers(type, region);
      }
      default -> {
        byte[] region = new byte[size];
        for (int row = 0; row < box.rows(); row++) {
          frame.copy(box.start(row), columns, region, row * columns);
        }
        return SparkValues.bytes(type, region);
      }
    }
  }

  @Override
  public Object produceResult(InternalRow row) {
    for (int i = 0; i < call().inputTypes().size(); i++) {
      if (row.isNullAt(i)) {
        return null;
      }
    }
    long height = row.getLong(1);
    long width = row.getLong(2);
    long y0 = row.getLong(3);
    long y1 = row.getLong(4);
    long x0 = row.getLong(5);
    long x1 = row.getLong(6);
    return call().frame().binary()
        ? invoke(row.getBinary(0), height, width, y0, y1, x0, x1, row.getUTF8String(7))
        : invoke(row.getArray(0), height, width, y0, y1, x0, x1);
  }

  /** A box inside a frame, checked. */
  private record Box(int width, int y0, int y1, int x0, int x1) {

    static Box of(long height, long width, long y0, long y1, long x0, long x1, int size) {
      FrameShape.require(SIGNATURE.name(), height, width, size);
      if (y0 < 0 || y0 > y1 || y1 > height || x0 < 0 || x0 > x1 || x1 > width) {
        throw new ArrayException(
            ErrorCode.ELEMENT_OUT_OF_RANGE,
            SIGNATURE.name(),
            String.format(
                "rows %d to %d, columns %d to %d are no region of %d × %d elements",
                y0, y1, x0, x1, height, width),
            "Give the first row and column, from 0, and the ones after the last");
      }
      if (size == 0) {
        return new Box(0, 0, 0, 0, 0);
      }
      return new Box((int) width, (int) y0, (int) y1, (int) x0, (int) x1);
    }

    int rows() {
      return y1 - y0;
    }

    int columns() {
      return x1 - x0;
    }

    int size() {
      return rows() * columns();
    }

    /** The flat index of a row's first element. */
    int start(int row) {
      return (y0 + row) * width + x0;
    }
  }
}
