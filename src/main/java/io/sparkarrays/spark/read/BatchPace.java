// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

/**
 * How many rows to read at once where rows take as much memory as their values happen to need: so
 * few that a batch can end near its wanted size.
 */
final class BatchPace {

  /** By how much more rows may be read than the last time. */
  private static final int GROWTH = 8;

  /** Parts of a batch, about. */
  private static final int PARTS = 4;

  private final long batchBytes;
  private long rows;
  private long bytes;
  private long last;

  BatchPace(long batchBytes) {
    this.batchBytes = batchBytes;
  }

  /** Rows to read next. */
  long next() {
    long mean = rows == 0 ? batchBytes : Math.max(1, bytes / rows);
    last = Math.max(1, Math.min(batchBytes / PARTS / mean, GROWTH * last));
    return last;
  }

  /** Rows were read, and needed so many bytes. */
  void took(long moreRows, long moreBytes) {
    rows += moreRows;
    bytes += moreBytes;
  }
}
