// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import io.sparkarrays.reduce.ElementwiseTotal;
import java.io.Serial;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataTypes;

/** {@code frame_total} and {@code frame_average}: the element-wise sum or mean, ARRAY of DOUBLE. */
public final class FrameTotal extends FrameAggregate<ElementwiseTotal> {
  @Serial private static final long serialVersionUID = 1L;

  static final Signature TOTAL = Signature.of("frame_total");
  static final Signature AVERAGE = Signature.of("frame_average");

  private final boolean average;

  FrameTotal(boolean average, Call call) {
    super(call, DataTypes.createArrayType(DataTypes.DoubleType, false));
    this.average = average;
  }

  @Override
  ElementwiseTotal empty() {
    return new ElementwiseTotal();
  }

  @Override
  ElementwiseTotal unpack(Object[] packed) {
    return new ElementwiseTotal(packed);
  }

  @Override
  ArrayData result(ElementwiseTotal state) {
    return UnsafeArrayData.fromPrimitiveArray(average ? state.means() : state.sums());
  }
}
