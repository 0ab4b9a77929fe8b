// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.Serial;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * {@code masked_sum(frame, mask)}: the sum of element × weight as DOUBLE; a mask of BOOLEAN selects
 * elements.
 */
public final class MaskedSum extends FrameFunction {
  @Serial private static final long serialVersionUID = 1L;

  static final Signature SIGNATURE = new Signature("masked_sum", true, List.of());

  MaskedSum(Call call) {
    super(call, DataTypes.DoubleType);
  }

  /** Called for array frames. */
  public Object invoke(ArrayData frame, ArrayData mask) {
    if (frame == null || mask == null) {
      return null;
    }
    Workspace work = Workspace.get();
    return sum(work, work.frame().at(frame, call().frame()), mask);
  }

  /** Called for binary frames. */
  public Object invoke(byte[] frame, ArrayData mask, UTF8String dtype) {
    if (frame == null || mask == null || dtype == null) {
      return null;
    }
    Workspace work = Workspace.get();
    return sum(work, work.frame().at(frame, dtype), mask);
  }

  private double sum(Workspace work, FrameArgument frame, ArrayData maskArray) {
    FrameArgument mask = work.mask().at(maskArray, call().mask());
    if (mask.size() != frame.size()) {
      throw new ArrayException(
          ErrorCode.MASK_LENGTH,
          "masked_sum",
          "a mask of " + mask.size() + " elements for a frame of " + frame.size(),
          "Give a flat mask with one element for each of the frame's");
    }
    return work.moments()
        .masked(frame.type(), frame.memory(), mask.type(), mask.memory(), frame.size());
  }

  @Override
  public Object produceResult(InternalRow row) {
    for (int i = 0; i < call().inputTypes().size(); i++) {
      if (row.isNullAt(i)) {
        return null;
      }
    }
    return call().frame().binary()
        ? invoke(row.getBinary(0), row.getArray(1), row.getUTF8String(2))
        : invoke(row.getArray(0), row.getArray(1));
  }
}
