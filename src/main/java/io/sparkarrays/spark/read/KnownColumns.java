// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.spark.source.FrameSource;
import io.sparkarrays.spark.source.MetadataField;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.types.DataTypes;

/**
 * The columns whose values are known without reading a frame: those of the index and the metadata.
 *
 * @param source the data set; where its files are is asked only if a metadata column is named
 */
record KnownColumns(TableSchema schema, FrameSource source) {

  /** The column that an expression names, if it is no more than a name. */
  Optional<ReadColumn> column(Expression expression) {
    return expression instanceof NamedReference reference && reference.fieldNames().length == 1
        ? schema.find(reference.fieldNames()[0])
        : Optional.empty();
  }

  /** The column that an expression names, if its values are known. */
  Optional<ReadColumn> known(Expression expression) {
    return column(expression).filter(c -> !(c instanceof ReadColumn.Stored));
  }

  /** The index column that an expression names. */
  Optional<IndexColumn> coordinate(Expression expression) {
    return column(expression).flatMap(column -> IndexColumn.of(column, source.scans()));
  }

  /** The metadata column that an expression names. */
  Optional<MetadataField> metadata(Expression expression) {
    return column(expression)
        .flatMap(
            c -> c instanceof ReadColumn.Metadata m ? Optional.of(m.which()) : Optional.empty());
  }

  /** The known column of numbers that an expression names. */
  Optional<WholeColumn> numbers(Expression expression) {
    return metadata(expression)
        .flatMap(
            which ->
                switch (which) {
                  case PARTITION -> Optional.of(FileColumns.of(source).partition());
                  case OFFSET -> Optional.of(FileColumns.of(source).offset());
                  case FILE, DATASET, SOURCE, STATS, BYTES, REFERENCE, COORDS ->
                      Optional.<WholeColumn>empty();
                })
        .or(() -> coordinate(expression).map(c -> c));
  }

  /** The known column of text that an expression names. */
  Optional<MetadataField> texts(Expression expression) {
    return metadata(expression)
        .filter(which -> which.type().equals(DataTypes.StringType))
        // Known only when the frames are grouped by their sources.
        .filter(which -> which != MetadataField.SOURCE);
  }
}
