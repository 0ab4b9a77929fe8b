// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.source.Scans;
import java.nio.ByteBuffer;
import org.apache.spark.sql.types.StructField;

/** Columns that are arithmetic on the frame's index or its file's number. */
final class NumberFiller implements ColumnFiller {

  /** Writes a run's values. */
  @FunctionalInterface
  private interface Values {
    void write(ByteBuffer data, int row, FrameRun run);
  }

  private final VectorPlan plan;
  private final Values values;

  private NumberFiller(StructField field, Values values) {
    this.plan = VectorPlan.scalar(field);
    this.values = values;
  }

  /** The frame's position in the scan. */
  static ColumnFiller frameIndex(StructField field, Scans scans) {
    return new NumberFiller(
        field,
        (data, row, run) ->
            count(data, row, run.from() - scans.first(scans.at(run.from())), run.frames()));
  }

  /** The frame's position in its file. */
  static ColumnFiller offset(StructField field) {
    return new NumberFiller(
        field, (data, row, run) -> count(data, row, run.from() - run.range().from(), run.frames()));
  }

  private static void count(ByteBuffer data, int row, long first, int rows) {
    for (int i = 0; i < rows; i++) {
      data.putLong((row + i) * Long.BYTES, first + i);
    }
  }

  /** The frame's coordinate along one dimension of the scan. */
  static ColumnFiller coordinate(StructField field, Scans scans, int axis) {
    return new NumberFiller(
        field,
        (data, row, run) -> {
          // A run is of one file, so of one scan.
          int number = scans.at(run.from());
          Shape scan = scans.shape(number);
          long first = run.from() - scans.first(number);
          long extent = scan.dim(axis);
          long stride = scan.slice(axis + 1, scan.rank()).size();
          long at = first / stride % extent;
          long left = stride - first % stride;
          for (int i = 0; i < run.frames(); i++) {
            data.putLong((row + i) * Long.BYTES, at);
            if (--left == 0) {
              left = stride;
              at = at + 1 == extent ? 0 : at + 1;
            }
          }
        });
  }

  /** The number of the frame's file. */
  static ColumnFiller partition(StructField field) {
    return new NumberFiller(
        field,
        (data, row, run) -> {
          for (int i = 0; i < run.frames(); i++) {
            data.putInt((row + i) * Integer.BYTES, run.range().partition());
          }
        });
  }

  @Override
  public VectorPlan plan() {
    return plan;
  }

  @Override
  public void fill(VectorBuffers buffers, int row, FrameRun run) {
    values.write(buffers.get(1), row, run);
  }
}
