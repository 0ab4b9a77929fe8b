// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Checks that a table has each frame of its scan, and none twice. */
final class FrameCheck {

  private final ResultManifest.Table table;
  private final boolean stream;
  private final boolean mayLack;

  /**
   * @param stream whether frames may still come
   * @param mayLack whether frames may be missing
   */
  FrameCheck(ResultManifest.Table table, boolean stream, boolean mayLack) {
    this.table = table;
    this.stream = stream;
    this.mayLack = mayLack;
  }

  private record Interval(long from, long to) {}

  void check() {
    List<Interval> all = new ArrayList<>();
    table
        .parts()
        .forEach(
            part ->
                part.frames()
                    .forEach((frame, row, count) -> all.add(new Interval(frame, frame + count))));
    all.sort(Comparator.comparingLong(Interval::from));
    long frames = table.shape().size();
    long end = 0;
    long lacking = 0;
    long firstLacking = -1;
    for (Interval interval : all) {
      if (interval.from() < end) {
        throw doubled(interval.from());
      }
      if (interval.from() > end) {
        firstLacking = lacking == 0 ? end : firstLacking;
        lacking += interval.from() - end;
      }
      end = interval.to();
    }
    if (end > frames) {
      throw new ArrayException(
          ErrorCode.FRAME_OUT_OF_RANGE,
          "frame " + (end - 1) + " of " + table.paths().get(0),
          "outside the scan " + table.shape() + " of " + frames + " frames",
          "Check the index, or overwrite the result with the right scanShape");
    }
    if (end < frames) {
      firstLacking = lacking == 0 ? end : firstLacking;
      lacking += frames - end;
    }
    if (lacking > 0 && !stream && !mayLack) {
      throw new ArrayException(
          ErrorCode.FRAMES_MISSING,
          table.paths().get(0),
          lacking + " of " + frames + " frames have no row, the first is frame " + firstLacking,
          "Give a row for each frame, or option missing = fill for those that have none");
    }
  }

  private ArrayException doubled(long frame) {
    if (stream) {
      return ambiguous(table, "frame " + frame + " came twice");
    }
    return new ArrayException(
        ErrorCode.FRAME_DOUBLED,
        "frame " + frame + " of " + table.paths().get(0),
        "two rows are for it",
        "Give each frame once, by dropDuplicates or a filter; frames of several files into an"
            + " array each, by {file} in option dataset");
  }

  static ArrayException ambiguous(ResultManifest.Table table, String problem) {
    return new ArrayException(
        ErrorCode.AMBIGUOUS_FRAME_INDEX,
        table.paths().get(0),
        problem + ", and frame_index does not tell frames of several files apart",
        "Write an array for each file: select the column _file, too, and give {file} in option"
            + " dataset: /{file}/data");
  }
}
