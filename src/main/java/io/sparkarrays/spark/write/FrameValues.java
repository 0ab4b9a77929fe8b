// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import java.nio.ByteBuffer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructField;

/** Arrays of rows that have each its own shape and dtype. */
public final class FrameValues {

  private FrameValues() {}

  /**
   * The dtype that a column's elements have by themselves.
   *
   * @throws ArrayException {@code COLUMN_TYPE} if they are no numbers
   */
  public static Dtype dtype(StructField field) {
    return FrameField.natural(FrameField.elementOf(field.dataType()))
        .map(Dtype::of)
        .orElseThrow(
            () ->
                new ArrayException(
                    ErrorCode.COLUMN_TYPE,
                    "column " + field.name(),
                    field.dataType().sql() + " holds no numbers",
                    "Cast it, or drop it"));
  }

  /**
   * The stored bytes of one row's array.
   *
   * @param ordinal the column's place in the row
   * @throws ArrayException {@code FRAME_LENGTH}, {@code VALUE_OUT_OF_RANGE}, {@code COLUMN_TYPE}
   */
  public static ByteBuffer encode(
      InternalRow row, int ordinal, StructField field, Dtype dtype, Shape shape) {
    return FrameEncoder.of(new FrameField(ordinal, field), shape, dtype, false).encode(row, 0);
  }
}
