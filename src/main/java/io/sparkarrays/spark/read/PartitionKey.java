// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.MetadataField;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The column that is the same for all rows of a file, by which Spark may group and join splits
 * without moving a row.
 *
 * @param column {@code _file} or {@code _partition}
 */
record PartitionKey(ReadColumn.Metadata column) {

  /** The key among the columns of a scan, {@code _file} first; nothing if none is read. */
  static Optional<PartitionKey> of(List<ReadColumn> columns) {
    return find(columns, MetadataField.FILE).or(() -> find(columns, MetadataField.PARTITION));
  }

  private static Optional<PartitionKey> find(List<ReadColumn> columns, MetadataField which) {
    for (ReadColumn column : columns) {
      if (column instanceof ReadColumn.Metadata metadata && metadata.which() == which) {
        return Optional.of(new PartitionKey(metadata));
      }
    }
    return Optional.empty();
  }

  /** The key of a file's rows. */
  InternalRow value(FrameRange range) {
    return new GenericInternalRow(
        new Object[] {
          column.which() == MetadataField.FILE
              ? UTF8String.fromString(range.file())
              : (Object) range.partition()
        });
  }
}
