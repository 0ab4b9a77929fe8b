// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import io.sparkarrays.core.ElementType;
import io.sparkarrays.reduce.ElementwiseMaximum;
import java.io.Serial;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataTypes;

/**
 * {@code frame_maximum}: the element-wise greatest, an array of the element's type; of binary
 * frames ARRAY of DOUBLE.
 */
public final class FrameMaximum extends FrameAggregate<ElementwiseMaximum> {
  @Serial private static final long serialVersionUID = 1L;

  static final Signature SIGNATURE = Signature.of("frame_maximum");

  FrameMaximum(Call call) {
    super(call, DataTypes.createArrayType(call.frame().element(), false));
  }

  @Override
  ElementwiseMaximum empty() {
    return new ElementwiseMaximum();
  }

  @Override
  ElementwiseMaximum unpack(Object[] packed) {
    return new ElementwiseMaximum(packed);
  }

  @Override
  ArrayData result(ElementwiseMaximum state) {
    if (call().frame().binary()) {
      return UnsafeArrayData.fromPrimitiveArray(state.doubles());
    }
    ElementType type = call().frame().elements();
    return state.integral()
        ? SparkValues.integers(type, state.longs())
        : SparkValues.floats(type, state.doubles());
  }
}
