// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * The columns that are hidden until a query names them: where a row came from, and what its frame
 * is reduced to.
 */
public enum MetadataField {
  /** Path of the file that holds the frame. */
  FILE("_file", DataTypes.StringType, "path of the file that holds the frame"),
  /** The data set's name. */
  DATASET("_dataset", DataTypes.StringType, "data set that the frame is of"),
  /** The frame's position in its file, in frames from the file's first. */
  OFFSET("_offset", DataTypes.LongType, "the frame's position in its file, in frames"),
  /** The file's number. */
  PARTITION("_partition", DataTypes.IntegerType, "number of the file, from 0"),
  /** The files that the frame is made of, where these are others. */
  SOURCE(
      "_vds_source",
      DataTypes.StringType,
      "source files of the frame in a virtual data set, as its mappings name them"),
  /** Sum, extremes, mean and deviation of the frame. */
  STATS("_stats", FrameStatistic.all(), "sum, min, max, mean and std of the frame's elements"),
  /** The frame in form {@code binary}, of a column that the name ends with. */
  BYTES("_bytes_", DataTypes.BinaryType, "the frame's elements, little-endian and in C order"),
  /** Where the frame is stored, of a column that the name ends with. */
  REFERENCE(
      "_reference_",
      DataTypes.BinaryType,
      "where the frame is stored, as JSON; the stored bytes themselves where that can't be said"),
  /** Where the writer of the range stood among the others. */
  COORDS(
      "_coords",
      DataTypes.createArrayType(DataTypes.LongType, false),
      "place of the rows' writer in the topology of all writers");

  private final String columnName;
  private final DataType type;
  private final String comment;

  MetadataField(String columnName, DataType type, String comment) {
    this.columnName = columnName;
    this.type = type;
    this.comment = comment;
  }

  /** The column's usual name, which begins with an underscore. */
  public String columnName() {
    return columnName;
  }

  /** The column under its usual name. */
  public MetadataName named() {
    return new MetadataName(columnName, this, comment);
  }

  /** The column of this kind that there is for a column of frames. */
  public MetadataName named(FrameColumn column) {
    return new MetadataName(columnName + column.name(), this, comment);
  }

  /** The column's Spark type; never null. */
  public DataType type() {
    return type;
  }
}
