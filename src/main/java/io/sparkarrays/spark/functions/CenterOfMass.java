// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import java.io.Serial;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/** {@code center_of_mass(frame, height, width)}: the centre [y, x] as ARRAY of DOUBLE. */
public final class CenterOfMass extends FrameFunction {
  @Serial private static final long serialVersionUID = 1L;

  static final Signature SIGNATURE = Signature.of("center_of_mass", "height", "width");

  CenterOfMass(Call call) {
    super(call, DataTypes.createArrayType(DataTypes.DoubleType, false));
  }

  /** Called for array frames. */
  public ArrayData invoke(ArrayData frame, long height, long width) {
    if (frame == null) {
      return null;
    }
    Workspace work = Workspace.get();
    return center(work, work.frame().at(frame, call().frame()), height, width);
  }

  /** Called for binary frames. */
  public ArrayData invoke(byte[] frame, long height, long width, UTF8String dtype) {
    if (frame == null || dtype == null) {
      return null;
    }
    Workspace work = Workspace.get();
    return center(work, work.frame().at(frame, dtype), height, width);
  }

  private static ArrayData center(Workspace work, FrameArgument frame, long height, long width) {
    FrameShape.require(SIGNATURE.name(), height, width, frame.size());
    boolean empty = frame.size() == 0;
    return UnsafeArrayData.fromPrimitiveArray(
        work.moments()
            .centerOfMass(
                frame.type(),
                frame.memory(),
                empty ? 0 : Math.toIntExact(height),
                empty ? 0 : Math.toIntExact(width)));
  }

  @Override
  public Object produceResult(InternalRow row) {
    for (int i = 0; i < call().inputTypes().size(); i++) {
      if (row.isNullAt(i)) {
        return null;
      }
    }
    return call().frame().binary()
        ? invoke(row.getBinary(0), row.getLong(1), row.getLong(2), row.getUTF8String(3))
        : invoke(row.getArray(0), row.getLong(1), row.getLong(2));
  }
}
