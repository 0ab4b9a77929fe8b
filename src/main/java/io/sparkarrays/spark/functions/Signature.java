// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A function's name and parameters: a frame, perhaps a mask, positions; and after them, if frames
 * are binary, their dtype.
 *
 * @param name the function's name
 * @param masked whether the second parameter is a mask
 * @param positions names of the whole numbers after that
 */
record Signature(String name, boolean masked, List<String> positions) {

  /** A function of a frame and positions in it. */
  static Signature of(String name, String... positions) {
    return new Signature(name, false, List.of(positions));
  }

  /**
   * Matches a call's argument types.
   *
   * @throws UnsupportedOperationException with a message for the user, which Spark puts into its
   *     analysis error
   */
  Call bind(StructType arguments) {
    StructField[] fields = arguments.fields();
    int plain = 1 + (masked ? 1 : 0) + positions.size();
    if (fields.length == 0) {
      throw new UnsupportedOperationException("call it as " + this);
    }
    FrameType frame = FrameType.of(name + "'s frame", fields[0].dataType());
    if (fields.length != plain + (frame.binary() ? 1 : 0)) {
      throw new UnsupportedOperationException(
          String.format(
              Locale.ROOT,
              "%d arguments for %s frames: call it as %s",
              fields.length,
              frame.binary() ? "binary" : "array",
              this));
    }
    List<DataType> types = new ArrayList<>();
    types.add(frame.spark());
    FrameType mask = null;
    if (masked) {
      mask = mask(fields[1].dataType());
      types.add(mask.spark());
    }
    for (String position : positions) {
      types.add(position(position, fields[types.size()].dataType()));
    }
    if (frame.binary()) {
      types.add(dtype(fields[types.size()].dataType()));
    }
    return Call.of(name, frame, mask, types.toArray(DataType[]::new));
  }

  private FrameType mask(DataType type) {
    FrameType mask = FrameType.of(name + "'s mask", type);
    if (mask.binary()) {
      throw new UnsupportedOperationException(name + "'s mask must be an array of numbers");
    }
    return mask;
  }

  private DataType position(String position, DataType type) {
    if (type instanceof ByteType
        || type instanceof ShortType
        || type instanceof IntegerType
        || type instanceof LongType) {
      return DataTypes.LongType;
    }
    throw new UnsupportedOperationException(
        name + "'s " + position + " must be a whole number, but is " + type.sql());
  }

  private DataType dtype(DataType type) {
    if (type instanceof StringType) {
      return DataTypes.StringType;
    }
    throw new UnsupportedOperationException(
        name + "'s dtype must be a string such as 'uint16', but is " + type.sql());
  }

  @Override
  public String toString() {
    String plain =
        name
            + "(frame"
            + (masked ? ", mask" : "")
            + String.join("", positions.stream().map(p -> ", " + p).toList());
    return plain + ") or, for binary frames, " + plain + ", dtype)";
  }
}
