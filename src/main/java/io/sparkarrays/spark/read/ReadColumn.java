// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.spark.source.FrameColumn;
import java.io.Serializable;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.types.StructField;

/** One column of the rows that a scan gives, and where its values come from. */
sealed interface ReadColumn extends Serializable {

  /** The column as Spark sees it. */
  StructField field();

  /** The column by its whole name, whatever dots are in it. */
  default NamedReference reference() {
    return Expressions.column("`" + field().name().replace("`", "``") + "`");
  }

  /** {@code frame_index}: the frame's position in the scan. */
  record FrameIndex(StructField field) implements ReadColumn {}

  /** The frame's coordinate along one dimension of the scan. */
  record ScanCoordinate(StructField field, int axis) implements ReadColumn {}

  /** The frames of a data set, cut to a region; the field's type tells their form. */
  record Frames(StructField field, FrameColumn column, Hyperslab region) implements ReadColumn {}

  /** A column that tells where the row came from. */
  record Metadata(StructField field, MetadataField which) implements ReadColumn {}
}
