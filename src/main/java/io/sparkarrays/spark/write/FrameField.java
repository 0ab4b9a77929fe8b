// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.read.TableSchema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The column of the rows to write that holds the frames.
 *
 * @param ordinal its place in a row
 * @param field its name, type and metadata
 */
public record FrameField(int ordinal, StructField field) implements Serializable {

  /**
   * Finds it: the column {@code frame}, else the only column of arrays or binary.
   *
   * @throws ArrayException {@code COLUMN_MISSING}
   */
  static FrameField of(StructType rows) {
    int ordinal = find(rows);
    return new FrameField(ordinal, rows.fields()[ordinal]);
  }

  /** Its name. */
  public String name() {
    return field.name();
  }

  /** Its type: an array, an array of arrays, binary, or a scalar. */
  public DataType type() {
    return field.dataType();
  }

  /** The frame's shape, if the column's metadata has one. */
  public Optional<Shape> shape() {
    return field.metadata().contains(TableSchema.SHAPE_KEY)
        ? Optional.of(Shape.of(field.metadata().getLongArray(TableSchema.SHAPE_KEY)))
        : Optional.empty();
  }

  /** The dtype by the column's metadata, else the one that its elements have by themselves. */
  public Optional<Dtype> dtype() {
    DataType element = elementOf(type());
    if (natural(element).isEmpty() && !(element instanceof BinaryType)) {
      // The metadata of text, times and the like tell no dtype of numbers.
      return Optional.empty();
    }
    return field.metadata().contains(TableSchema.DTYPE_KEY)
        ? Optional.of(Dtype.parse(field.metadata().getString(TableSchema.DTYPE_KEY)))
        : natural(element).map(Dtype::of);
  }

  private static int find(StructType rows) {
    List<Integer> candidates = new ArrayList<>();
    for (int i = 0; i < rows.length(); i++) {
      StructField field = rows.fields()[i];
      if (field.name().equalsIgnoreCase("frame")) {
        return i;
      }
      if (field.dataType() instanceof ArrayType || field.dataType() instanceof BinaryType) {
        candidates.add(i);
      }
    }
    if (candidates.size() != 1) {
      throw new ArrayException(
          ErrorCode.COLUMN_MISSING,
          "columns " + Arrays.toString(rows.fieldNames()),
          "none is called frame, and "
              + (candidates.isEmpty() ? "none holds arrays" : "several hold arrays"),
          "Call the column with the frames frame: SELECT …, x AS frame");
    }
    return candidates.get(0);
  }

  /** The type of one element of a frame column. */
  public static DataType elementOf(DataType type) {
    DataType element = type;
    while (element instanceof ArrayType array) {
      element = array.elementType();
    }
    return element;
  }

  /** What the elements of a Spark type are by themselves; empty of what is no number. */
  public static Optional<ElementType> natural(DataType type) {
    if (type instanceof BooleanType) {
      return Optional.of(ElementType.BOOL);
    } else if (type instanceof ByteType) {
      return Optional.of(ElementType.INT8);
    } else if (type instanceof ShortType) {
      return Optional.of(ElementType.INT16);
    } else if (type instanceof IntegerType) {
      return Optional.of(ElementType.INT32);
    } else if (type instanceof LongType) {
      return Optional.of(ElementType.INT64);
    } else if (type instanceof FloatType) {
      return Optional.of(ElementType.FLOAT32);
    } else if (type instanceof DoubleType) {
      return Optional.of(ElementType.FLOAT64);
    } else if (type instanceof DecimalType) {
      return Optional.of(ElementType.UINT64);
    } else if (type instanceof StructType struct && struct.length() == 2) {
      return natural(struct.fields()[0].dataType())
          .map(
              part -> part == ElementType.FLOAT32 ? ElementType.COMPLEX64 : ElementType.COMPLEX128);
    }
    return Optional.empty();
  }
}
