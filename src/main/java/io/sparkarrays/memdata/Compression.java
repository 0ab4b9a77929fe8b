// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import java.io.Serializable;

/**
 * How the chunks of a data set are compressed.
 *
 * @param filter {@code gzip}, {@code bitshuffle}, or {@code unknown} for one that was met in a file
 * @param level of gzip
 * @param block of bitshuffle: elements of a block; 0 for the filter's own choice
 * @param codec of bitshuffle: the compressor behind it
 */
public record Compression(String filter, int level, int block, String codec)
    implements Serializable {

  static final String GZIP = "gzip";
  static final String BITSHUFFLE = "bitshuffle";

  /** A filter of a file that has no name here; nothing is written with it. */
  public static final Compression UNKNOWN = new Compression("unknown", 0, 0, "");

  /** Deflate, of a level from 0 to 9. */
  public static Compression gzip(int level) {
    if (level < 0 || level > 9) {
      throw new IllegalArgumentException("gzip has levels 0 to 9, not " + level);
    }
    return new Compression(GZIP, level, 0, "");
  }

  /** Shuffled bits, compressed by a codec such as lz4. */
  public static Compression bitshuffle(int block, String codec) {
    return new Compression(BITSHUFFLE, 0, block, codec);
  }
}
