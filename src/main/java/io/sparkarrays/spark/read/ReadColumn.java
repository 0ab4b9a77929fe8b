// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.MetadataField;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** One column of the rows that a scan gives, and where its values come from. */
sealed interface ReadColumn extends Serializable {

  /** The column as Spark sees it. */
  StructField field();

  /** The column by its whole name, whatever dots are in it. */
  default NamedReference reference() {
    return Expressions.column("`" + field().name().replace("`", "``") + "`");
  }

  /** The metadata column that it is, if it is one. */
  default Optional<MetadataField> metadata() {
    return Optional.empty();
  }

  /** What plans call it. */
  default String label() {
    return field().name();
  }

  /** {@code frame_index}: the frame's position in the scan. */
  record FrameIndex(StructField field) implements ReadColumn {}

  /** The frame's coordinate along one dimension of the scan. */
  record ScanCoordinate(StructField field, int axis) implements ReadColumn {}

  /** A column whose values need frames to be read. */
  sealed interface Stored extends ReadColumn {

    /** The frames' data set. */
    FrameColumn column();

    /** The part of each frame that is read. */
    Hyperslab region();

    /** Bytes of that part, as they are stored. */
    default long storedBytes() {
      return Math.multiplyExact(region().shape().size(), (long) column().type().size());
    }

    /** Stored bytes of a row; frames are read once, however many columns are made of them. */
    static long bytes(List<ReadColumn> columns) {
      Map<FrameColumn, Long> bytes = new HashMap<>();
      for (ReadColumn column : columns) {
        if (column instanceof Stored stored) {
          bytes.put(stored.column(), stored.storedBytes());
        }
      }
      return bytes.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** The frames of a data set, cut to a region; the field's type tells their form. */
  record Frames(StructField field, FrameColumn column, Hyperslab region) implements Stored {

    /** The column with those members of its compounds that a type has. */
    Frames as(DataType type) {
      return new Frames(
          new StructField(field.name(), type, field.nullable(), field.metadata()), column, region);
    }

    @Override
    public String label() {
      DataType type = field.dataType();
      while (type instanceof ArrayType array) {
        type = array.elementType();
      }
      return type instanceof StructType struct && !column.isNumber()
          ? field.name() + List.of(struct.fieldNames())
          : field.name();
    }
  }

  /** A column that tells where the row came from. */
  record Metadata(StructField field, MetadataField which) implements ReadColumn {
    @Override
    public Optional<MetadataField> metadata() {
      return Optional.of(which);
    }
  }

  /** Where the frames of a data set are stored. */
  record Reference(StructField field, FrameColumn column, Hyperslab region) implements Stored {
    @Override
    public Optional<MetadataField> metadata() {
      return Optional.of(MetadataField.REFERENCE);
    }
  }

  /**
   * {@code _stats}: what the frames of a data set are reduced to; the field's type tells to what.
   */
  record Statistics(StructField field, FrameColumn column, Hyperslab region) implements Stored {

    /** The column with those of its parts that a type has. */
    Statistics only(StructType parts) {
      Set<String> names = Set.of(parts.fieldNames());
      StructField[] left =
          Arrays.stream(((StructType) field.dataType()).fields())
              .filter(part -> names.contains(part.name()))
              .toArray(StructField[]::new);
      return new Statistics(
          new StructField(field.name(), new StructType(left), field.nullable(), field.metadata()),
          column,
          region);
    }

    @Override
    public Optional<MetadataField> metadata() {
      return Optional.of(MetadataField.STATS);
    }

    @Override
    public String label() {
      return field.name() + List.of(((StructType) field.dataType()).fieldNames());
    }
  }
}
