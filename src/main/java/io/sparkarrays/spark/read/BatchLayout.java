// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.source.FrameColumn;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** How many rows a batch has and where in one block of memory each buffer of each column lies. */
final class BatchLayout {

  /** Rows of a batch whose columns are narrow; Spark looks for a task's end between batches. */
  private static final int MOST_ROWS = 1 << 16;

  /** Arrow's alignment. */
  private static final long ALIGNMENT = 64;

  private final List<VectorPlan> columns;
  private final int rows;
  private final Schema schema;
  private final long[] offsets;
  private final long bytes;

  /**
   * @param columns at least one
   * @param batchBytes about how many bytes a batch shall have
   * @param atMost most rows of a batch, such as all that will ever be asked for
   */
  BatchLayout(List<VectorPlan> columns, long batchBytes, long atMost) {
    this.columns = columns;
    long perRow = 0;
    long most = Math.min(MOST_ROWS, Math.max(1, atMost));
    for (VectorPlan column : columns) {
      perRow += column.bytesPerRow();
      most = Math.min(most, column.mostRows());
    }
    this.rows = (int) Math.max(1, Math.min(most, batchBytes / Math.max(1, perRow)));
    List<Field> fields = new ArrayList<>();
    List<Long> starts = new ArrayList<>();
    long at = 0;
    for (VectorPlan column : columns) {
      fields.add(column.field());
      for (BufferPlan buffer : column.buffers()) {
        starts.add(at);
        at += (buffer.bytes(rows) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      }
    }
    this.schema = new Schema(fields);
    this.offsets = starts.stream().mapToLong(Long::longValue).toArray();
    this.bytes = at;
  }

  /**
   * Refuses columns that have no type here, and those of which not one row fits into memory that a
   * vector can address.
   *
   * @throws ArrayException {@code FRAME_TOO_LARGE}, {@code DTYPE_UNSUPPORTED}
   */
  static void requireReadable(List<ReadColumn> columns) {
    for (ReadColumn column : columns) {
      if (column instanceof ReadColumn.Frames frames) {
        MappedTypes.require(frames.column(), frames.field().dataType());
      }
      if (column instanceof ReadColumn.Stored frames && !fits(frames)) {
        throw new ArrayException(
            ErrorCode.FRAME_TOO_LARGE,
            "column " + frames.field().name() + " of " + frames.column().source(),
            "a row of frames of shape "
                + frames.region().shape()
                + " and dtype "
                + frames.column().type()
                + " needs more than the 2 GiB, or has more than the 2^31 elements, that one value"
                + " of Spark may have",
            "Read a part of each frame: option region, such as 0:1000,0:1000");
      }
    }
  }

  private static boolean fits(ReadColumn.Stored column) {
    try {
      return column.storedBytes() <= Integer.MAX_VALUE - ALIGNMENT
          && (!(column instanceof ReadColumn.Frames frames) || plan(frames).mostRows() >= 1);
    } catch (ArithmeticException e) {
      return false;
    }
  }

  private static VectorPlan plan(ReadColumn.Frames column) {
    FrameColumn stored = column.column();
    Shape shape = column.region().shape();
    return stored.isNumber()
        ? VectorPlan.frames(column.field(), stored.dtype(), shape)
        : ValuePlanner.plan(column.field(), stored.type(), shape, null).plan();
  }

  /** Rows of a full batch. */
  int rows() {
    return rows;
  }

  /** Bytes of the block. */
  long bytes() {
    return bytes;
  }

  /** Where a buffer begins in the block, counted through all columns. */
  long offset(int buffer) {
    return offsets[buffer];
  }

  List<VectorPlan> columns() {
    return columns;
  }

  Schema schema() {
    return schema;
  }
}
