// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.npz;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.npz.NpzWriter;
import io.sparkarrays.spark.write.FrameValues;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Where an array's name, dtype, shape and values are in a row to write; places are -1 of what is
 * not there.
 */
record EntryRow(int name, int dtype, int shape, int values, StructField field)
    implements Serializable {

  /**
   * Finds them by their names in the {@code entries} view.
   *
   * @throws ArrayException {@code COLUMN_MISSING}, {@code COLUMN_TYPE}
   */
  static EntryRow of(StructType rows) {
    int values = find(rows, EntriesTable.VALUES);
    StructField field = rows.fields()[values];
    boolean binary = field.dataType() instanceof BinaryType;
    if (!binary && !(field.dataType() instanceof ArrayType)) {
      throw type(field, "BINARY or an array of numbers");
    }
    int name = find(rows, EntriesTable.NAME);
    int dtype = binary ? find(rows, EntriesTable.DTYPE) : place(rows, EntriesTable.DTYPE);
    int shape = binary ? find(rows, EntriesTable.SHAPE) : place(rows, EntriesTable.SHAPE);
    check(rows, name, DataTypes.StringType.sql());
    check(rows, dtype, DataTypes.StringType.sql());
    check(rows, shape, DataTypes.createArrayType(DataTypes.LongType).sql());
    return new EntryRow(name, dtype, shape, values, field);
  }

  private static void check(StructType rows, int place, String type) {
    if (place >= 0 && !rows.fields()[place].dataType().sql().equals(type)) {
      throw type(rows.fields()[place], type);
    }
  }

  private static ArrayException type(StructField field, String wanted) {
    return new ArrayException(
        ErrorCode.COLUMN_TYPE,
        "column " + field.name(),
        "it is " + field.dataType().sql() + " where " + wanted + " belongs",
        "Cast it, or write a table with option mode = columns");
  }

  private static int place(StructType rows, String name) {
    return Arrays.asList(rows.fieldNames()).indexOf(name);
  }

  private static int find(StructType rows, String name) {
    int place = place(rows, name);
    if (place < 0) {
      throw new ArrayException(
          ErrorCode.COLUMN_MISSING,
          "columns " + Arrays.toString(rows.fieldNames()),
          "there is none called " + name,
          "Give name, dtype, shape and values of each array, or use option mode = columns");
    }
    return place;
  }

  /** Writes a row's array. */
  void write(InternalRow row, NpzWriter out) throws IOException {
    if (row.isNullAt(name) || row.isNullAt(values)) {
      throw new ArrayException(
          ErrorCode.VALUE_OUT_OF_RANGE,
          "a row of an array",
          "its name or its values are null",
          "Filter such rows out");
    }
    String text = row.getUTF8String(name).toString();
    Dtype stored = given(row, dtype) ? dtype(row) : FrameValues.dtype(field);
    Shape extents =
        given(row, shape)
            ? Shape.of(row.getArray(shape).toLongArray())
            : Shape.of(row.getArray(values).numElements());
    // A single element comes in an array too.
    Shape inRow = extents.rank() == 0 ? Shape.of(1) : extents;
    ByteBuffer bytes = FrameValues.encode(row, values, field, stored, inRow);
    out.add(text, stored, extents, bytes);
  }

  private static boolean given(InternalRow row, int place) {
    return place >= 0 && !row.isNullAt(place);
  }

  private Dtype dtype(InternalRow row) {
    return Dtype.parse(row.getUTF8String(dtype).toString());
  }
}
