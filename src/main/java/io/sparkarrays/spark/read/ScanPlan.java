// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.source.MetadataField;
import java.util.List;
import java.util.StringJoiner;

/**
 * What a query wants of a data set, after all push-downs.
 *
 * @param columns the columns of its rows, in order
 * @param frames the frames that its predicates and samples leave
 * @param choice which of them, of those that there are
 * @param accepted the predicates and samples that {@code frames} stands for, for people to read
 * @param refused the predicates that Spark evaluates itself, for people to read
 * @param pruned those of the refused ones that left ranges out, for people to read
 */
record ScanPlan(
    List<ReadColumn> columns,
    FrameIntervals frames,
    FrameChoice choice,
    List<String> accepted,
    List<String> refused,
    List<String> pruned) {

  /** Bytes of one row's values, of variable-length metadata an estimate. */
  long rowBytes() {
    long bytes = 0;
    for (ReadColumn column : columns) {
      bytes +=
          column instanceof ReadColumn.Frames frames
              ? frames.storedBytes()
              : column.field().dataType().defaultSize();
    }
    return bytes;
  }

  /** Whether rows tell which files they are made of. */
  boolean tellsSource() {
    return columns.stream()
        .anyMatch(c -> c.metadata().filter(MetadataField.SOURCE::equals).isPresent());
  }

  /** Stored bytes that a row needs to be read. */
  long readBytes() {
    return ReadColumn.Stored.bytes(columns);
  }

  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ");
    text.add("columns: " + columns.stream().map(ReadColumn::label).toList());
    text.add("frames: " + frames);
    for (ReadColumn column : columns) {
      if (column instanceof ReadColumn.Stored f && !f.region().isAll(f.column().frame())) {
        text.add("region of " + f.column().name() + ": [" + f.region() + "]");
      }
    }
    if (!choice.equals(FrameChoice.ALL)) {
      text.add(choice.toString());
    }
    text.add("pushed: " + accepted);
    text.add("refused: " + refused);
    if (!pruned.isEmpty()) {
      text.add("pruned by: " + pruned);
    }
    return text.toString();
  }
}
