// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.read.TableSchema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.StructType;

/**
 * A column of rows that becomes an array, or a column, of a file.
 *
 * @param field where it is in a row, its Spark type and metadata
 * @param dtype what its elements are stored as
 * @param frame the shape of a row's value; rank 0 for scalars
 */
public record WrittenColumn(FrameField field, Dtype dtype, Shape frame) implements Serializable {

  /**
   * All columns of rows but {@code frame_index}, which is a row's place.
   *
   * @throws ArrayException {@code COLUMN_TYPE} for what is no number; {@code OPTION_MISSING} if the
   *     shape of arrays isn't known
   */
  public static List<WrittenColumn> of(StructType rows, WriteOptions options) {
    return all(rows, options.frame()).stream()
        .filter(column -> !column.name().equals(TableSchema.FRAME_INDEX))
        .toList();
  }

  /** As the other, all columns; the shape of arrays is that of their metadata, else this. */
  public static List<WrittenColumn> all(StructType rows, Optional<Shape> frame) {
    List<WrittenColumn> columns = new ArrayList<>();
    for (int i = 0; i < rows.length(); i++) {
      FrameField field = new FrameField(i, rows.fields()[i]);
      columns.add(new WrittenColumn(field, dtype(field), frame(field, frame)));
    }
    return columns;
  }

  private static Dtype dtype(FrameField field) {
    return field
        .dtype()
        .orElseThrow(
            () ->
                new ArrayException(
                    ErrorCode.COLUMN_TYPE,
                    "column " + field.name(),
                    field.type().sql() + " is no type of numbers",
                    "Drop the column, or cast it"));
  }

  private static Shape frame(FrameField field, Optional<Shape> otherwise) {
    if (!(field.type() instanceof ArrayType || field.type() instanceof BinaryType)) {
      return Shape.of();
    }
    return field
        .shape()
        .or(() -> otherwise)
        .orElseThrow(
            () ->
                new ArrayException(
                    ErrorCode.OPTION_MISSING,
                    "column " + field.name(),
                    "the shape of its arrays is not in its metadata",
                    "Give option frameShape"));
  }

  /** Its name. */
  public String name() {
    return field.name();
  }
}
