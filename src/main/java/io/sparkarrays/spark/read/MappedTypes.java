// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.spark.source.FrameColumn;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Refuses to read what has no Spark type. It has a column, so that its neighbours can be read. */
final class MappedTypes {

  private MappedTypes() {}

  /**
   * Checks the parts of a column that are to be read.
   *
   * @param wanted the column's Spark type, or that of a part of it
   * @throws ArrayException {@code DTYPE_UNSUPPORTED}
   */
  static void require(FrameColumn column, DataType wanted) {
    require(column, column.name(), column.type(), wanted);
  }

  private static void require(FrameColumn column, String path, ValueType type, DataType wanted) {
    if (type instanceof ValueType.Unmapped unmapped) {
      throw new ArrayException(
          ErrorCode.DTYPE_UNSUPPORTED,
          "column " + path + " of " + column.source(),
          "its dtype is " + unmapped.name() + ": " + unmapped.problem(),
          "Leave the column out, the others can be read; or " + unmapped.advice());
    } else if (wanted instanceof ArrayType array) {
      require(column, path, element(type), array.elementType());
    } else if (type instanceof ValueType.Compound compound && wanted instanceof StructType struct) {
      for (StructField field : struct.fields()) {
        ValueType.Member member = SparkTypes.member(compound, field.name());
        require(column, path + "." + field.name(), member.type(), field.dataType());
      }
    }
  }

  /** What is in arrays, however deep: a frame may be an array too. */
  private static ValueType element(ValueType type) {
    if (type instanceof ValueType.FixedArray array) {
      return array.element();
    }
    return type instanceof ValueType.Sequence sequence ? sequence.element() : type;
  }
}
