// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One buffer of an Arrow vector. Where all rows have the same number of values, only data differs
 * from batch to batch; validity and offsets are filled once, when the memory is new.
 *
 * @param kind what the buffer holds
 * @param perRow values a row; 0 if that is not known ahead
 * @param bits size of a data value
 * @param step offsets: children of each list, 0 if the column writes the offsets itself
 */
record BufferPlan(Kind kind, long perRow, int bits, long step) {

  /** What a buffer holds. */
  enum Kind {
    VALIDITY,
    /** Validity where nothing is valid. */
    NULLS,
    OFFSETS,
    DATA
  }

  // Copied piece by piece: a loop over bytes that runs once a task is never compiled in time.
  private static final byte[] ALL_VALID = new byte[4096];
  private static final byte[] NONE_VALID = new byte[4096];

  static {
    Arrays.fill(ALL_VALID, (byte) 0xff);
  }

  static BufferPlan validity(long perRow) {
    return new BufferPlan(Kind.VALIDITY, perRow, 1, 0);
  }

  /** Validity of values that are all null. */
  static BufferPlan nulls(long perRow) {
    return new BufferPlan(Kind.NULLS, perRow, 1, 0);
  }

  static BufferPlan offsets(long perRow, long step) {
    return new BufferPlan(Kind.OFFSETS, perRow, Integer.SIZE, step);
  }

  static BufferPlan data(long perRow, int bits) {
    return new BufferPlan(Kind.DATA, perRow, bits, 0);
  }

  /** Bytes for a number of rows. */
  long bytes(long rows) {
    return bytesOf(Math.multiplyExact(rows, perRow));
  }

  /** Bytes for a number of values, of lists and texts an offset more. */
  long bytesOf(long values) {
    long all = values + (kind == Kind.OFFSETS ? 1 : 0);
    return Math.addExact(Math.multiplyExact(all, (long) bits), 7) / 8;
  }

  /** Fills in what is the same for all batches, from a position on that no value crosses. */
  void prepare(ByteBuffer buffer) {
    if (kind == Kind.VALIDITY || kind == Kind.NULLS) {
      byte[] same = kind == Kind.VALIDITY ? ALL_VALID : NONE_VALID;
      while (buffer.hasRemaining()) {
        buffer.put(same, 0, Math.min(same.length, buffer.remaining()));
      }
    } else if (kind == Kind.OFFSETS) {
      for (int i = buffer.position() / Integer.BYTES; buffer.hasRemaining(); i++) {
        buffer.putInt((int) (i * step));
      }
    }
    buffer.clear();
  }
}
