// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.FrameLayout;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.source.WriteRequest;
import java.io.Serial;
import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/** What rows say of frames: which one each is for, and its stored bytes. Immutable. */
public final class FrameRows implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final IndexColumns index;
  private final FrameField field;
  private final FrameLayout layout;
  private final Dtype dtype;

  private FrameRows(IndexColumns index, FrameField field, FrameLayout layout, Dtype dtype) {
    this.index = index;
    this.field = field;
    this.layout = layout;
    this.dtype = dtype;
  }

  /**
   * What a write of rows asks of a format.
   *
   * @throws io.sparkarrays.core.ArrayException {@code COLUMN_MISSING}
   */
  public static WriteRequest request(
      WriteOptions options, WriteRequest.Mode mode, StructType rows) {
    FrameField frame = FrameField.of(rows);
    return new WriteRequest(options, mode, frame.shape(), frame.dtype());
  }

  /**
   * Rows for frames of a known form.
   *
   * @throws io.sparkarrays.core.ArrayException {@code COLUMN_MISSING}, {@code COLUMN_TYPE}
   */
  public static FrameRows of(StructType rows, FrameLayout layout, Dtype dtype) {
    FrameField field = FrameField.of(rows);
    return new FrameRows(IndexColumns.of(rows, layout, field.ordinal()), field, layout, dtype);
  }

  /**
   * The frame that a row is for.
   *
   * @throws io.sparkarrays.core.ArrayException {@code FRAME_OUT_OF_RANGE}
   */
  public long frame(InternalRow row) {
    return index.frame(row);
  }

  /** What encodes one task's rows. */
  public Encoder encoder() {
    return FrameEncoder.of(field, layout.frame(), dtype)::encode;
  }

  /** Makes the stored bytes of frames, in memory that it uses again. Used by one thread. */
  @FunctionalInterface
  public interface Encoder {
    /**
     * The bytes of a row's frame, until the next call.
     *
     * @param frame which frame it is, for messages
     * @throws io.sparkarrays.core.ArrayException {@code FRAME_LENGTH}, {@code VALUE_OUT_OF_RANGE}
     */
    ByteBuffer encode(InternalRow row, long frame);
  }
}
