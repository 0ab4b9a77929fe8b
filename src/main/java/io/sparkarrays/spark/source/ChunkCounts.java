// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

/**
 * What a cursor has done so far in a file that is stored in chunks.
 *
 * @param read chunks that were read; one that is read again counts again
 * @param skipped chunks between those that were read that held nothing wanted
 * @param decodeNanos the part of the time of its reads that went into decoding chunks
 */
public record ChunkCounts(long read, long skipped, long decodeNanos) {

  /** Of two files. */
  public ChunkCounts plus(ChunkCounts other) {
    return new ChunkCounts(
        read + other.read, skipped + other.skipped, decodeNanos + other.decodeNanos);
  }
}
