// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameLayout;
import io.sparkarrays.spark.read.TableSchema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of the rows to write that say which frame a row is: {@code frame_index} if it is
 * there, else the columns of the scan.
 *
 * @param names their names, outermost dimension first
 * @param ordinals their places in a row
 * @param types their integer types
 * @param layout the scan that they index
 */
public record IndexColumns(
    List<String> names, List<Integer> ordinals, List<DataType> types, FrameLayout layout)
    implements Serializable {

  /**
   * Finds them in the rows' schema. The scan's columns are {@code scan_0}, {@code scan_1}, …; for a
   * scan of two or more dimensions also the integer columns before the frame's, whatever they are
   * called, if there are just as many.
   *
   * @throws ArrayException {@code COLUMN_MISSING}, {@code COLUMN_TYPE}
   */
  static IndexColumns of(StructType rows, FrameLayout layout, int frameOrdinal) {
    List<Integer> found = new ArrayList<>();
    int index = find(rows, TableSchema.FRAME_INDEX);
    if (index >= 0) {
      found.add(index);
    } else {
      int rank = layout.scan().rank();
      for (int axis = 0; axis < rank && find(rows, "scan_" + axis) >= 0; axis++) {
        found.add(find(rows, "scan_" + axis));
      }
      if (found.size() != rank && rank > 1) {
        found.clear();
        for (int i = 0; i < frameOrdinal; i++) {
          if (isInteger(rows.fields()[i].dataType())) {
            found.add(i);
          }
        }
      }
      if (rank == 0 || found.size() != rank) {
        throw missing(rows, layout);
      }
    }
    return of(rows, layout, found);
  }

  private static IndexColumns of(StructType rows, FrameLayout layout, List<Integer> found) {
    List<String> names = new ArrayList<>();
    List<DataType> types = new ArrayList<>();
    for (int ordinal : found) {
      StructField field = rows.fields()[ordinal];
      if (!isInteger(field.dataType())) {
        throw new ArrayException(
            ErrorCode.COLUMN_TYPE,
            "column " + field.name(),
            "it is " + field.dataType().sql() + ", but an index is a whole number",
            "Cast it to BIGINT");
      }
      names.add(field.name());
      types.add(field.dataType());
    }
    return new IndexColumns(List.copyOf(names), List.copyOf(found), List.copyOf(types), layout);
  }

  /**
   * As the other, by the names of the scan's columns.
   *
   * @throws ArrayException {@code COLUMN_MISSING}, {@code COLUMN_TYPE}
   */
  public static IndexColumns named(StructType rows, FrameLayout layout, List<String> scan) {
    if (find(rows, TableSchema.FRAME_INDEX) >= 0) {
      return of(rows, layout, 0);
    }
    List<Integer> found = scan.stream().map(name -> find(rows, lower(name))).toList();
    if (found.contains(-1) || found.size() != layout.scan().rank()) {
      throw missing(rows, layout);
    }
    return of(rows, layout, found);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static ArrayException missing(StructType rows, FrameLayout layout) {
    return new ArrayException(
        ErrorCode.COLUMN_MISSING,
        "columns " + Arrays.toString(rows.fieldNames()),
        "nothing says which frame of the scan " + layout.scan() + " a row is",
        "Give a column frame_index, or a column for each dimension: scan_0, scan_1, …");
  }

  private static int find(StructType rows, String name) {
    String[] names = rows.fieldNames();
    for (int i = 0; i < names.length; i++) {
      if (names[i].toLowerCase(Locale.ROOT).equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isInteger(DataType type) {
    return type instanceof LongType
        || type instanceof IntegerType
        || type instanceof ShortType
        || type instanceof ByteType;
  }

  /**
   * The frame that a row is for.
   *
   * @throws ArrayException {@code FRAME_OUT_OF_RANGE}
   */
  public long frame(InternalRow row) {
    if (ordinals.size() == 1) {
      long frame = coordinate(row, 0);
      if (frame < 0 || frame >= layout.frames()) {
        throw outside(row);
      }
      return frame;
    }
    long frame = 0;
    for (int axis = 0; axis < ordinals.size(); axis++) {
      long at = coordinate(row, axis);
      if (at < 0 || at >= layout.scan().dim(axis)) {
        throw outside(row);
      }
      frame = frame * layout.scan().dim(axis) + at;
    }
    return frame;
  }

  private long coordinate(InternalRow row, int axis) {
    int ordinal = ordinals.get(axis);
    if (row.isNullAt(ordinal)) {
      throw new ArrayException(
          ErrorCode.FRAME_OUT_OF_RANGE,
          "column " + names.get(axis),
          "it is null, so the row is for no frame",
          "Filter such rows out");
    }
    DataType type = types.get(axis);
    if (type instanceof LongType) {
      return row.getLong(ordinal);
    } else if (type instanceof IntegerType) {
      return row.getInt(ordinal);
    } else if (type instanceof ShortType) {
      return row.getShort(ordinal);
    }
    return row.getByte(ordinal);
  }

  private ArrayException outside(InternalRow row) {
    StringBuilder position = new StringBuilder();
    for (int axis = 0; axis < ordinals.size(); axis++) {
      position
          .append(axis == 0 ? "" : ", ")
          .append(names.get(axis))
          .append(" = ")
          .append(coordinate(row, axis));
    }
    return new ArrayException(
        ErrorCode.FRAME_OUT_OF_RANGE,
        position,
        "outside the scan " + layout.scan() + " of " + layout.frames() + " frames",
        "Check the index, or give the right scanShape");
  }
}
