// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.Serial;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * {@code frame_at(frame, k)}: the element at a flat index from 0, of the element's type; of binary
 * frames as DOUBLE. A null element is null.
 */
public final class FrameElement extends FrameFunction {
  @Serial private static final long serialVersionUID = 1L;

  static final Signature SIGNATURE = Signature.of("frame_at", "k");

  FrameElement(Call call) {
    super(call, call.frame().element());
  }

  /** Called for array frames. */
  public Object invoke(ArrayData frame, long k) {
    if (frame == null) {
      return null;
    }
    int index = index(k, frame.numElements());
    return frame.isNullAt(index) ? null : frame.get(index, resultType());
  }

  /** Called for binary frames. */
  public Object invoke(byte[] frame, long k, UTF8String dtype) {
    if (frame == null || dtype == null) {
      return null;
    }
    Workspace work = Workspace.get();
    FrameArgument argument = work.frame().at(frame, dtype);
    int index = index(k, argument.size());
    RawMemory element =
        new RawMemory().point(frame, Platform.BYTE_ARRAY_OFFSET, index, RawMemory.Layout.PACKED);
    return work.statistics().sum(argument.type(), element, 1);
  }

  private static int index(long k, int size) {
    if (k < 0 || k >= size) {
      throw new ArrayException(
          ErrorCode.ELEMENT_OUT_OF_RANGE,
          "frame_at",
          "index " + k + " is outside a frame of " + size + " elements",
          "Indexes are flat and begin at 0: row × width + column");
    }
    return (int) k;
  }

  @Override
  public Object produceResult(InternalRow row) {
    for (int i = 0; i < call().inputTypes().size(); i++) {
      if (row.isNullAt(i)) {
        return null;
      }
    }
    return call().frame().binary()
        ? invoke(row.getBinary(0), row.getLong(1), row.getUTF8String(2))
        : invoke(row.getArray(0), row.getLong(1));
  }
}
