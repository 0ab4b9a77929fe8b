// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.util.function.Supplier;

/** Encodes blocks by a general compressor. Keeps scratch, so each thread needs its own. */
public interface BlockEncoder {

  /** The most bytes that so many become. */
  int mostEncoded(int length);

  /**
   * Encodes one block.
   *
   * @param source holds the bytes
   * @param from where they begin
   * @param length how many there are
   * @param target takes the encoded bytes, and has room for {@link #mostEncoded}
   * @param at where they go
   * @return how many there are
   */
  int encode(byte[] source, int from, int length, byte[] target, int at);

  /** Deflate with zlib's header and check, by the JDK; level 0 to 9. */
  static BlockEncoder zlib(int level) {
    return new ZlibEncoder(level);
  }

  /**
   * LZ4 blocks without a frame.
   *
   * @throws ArrayException {@code LIBRARY_MISSING} without lz4-java
   */
  static BlockEncoder lz4() {
    // Not Lz4Encoder::new, which would load the class before it is known what to say without.
    return optional("lz4", "at.yawk.lz4:lz4-java", () -> new Lz4Encoder());
  }

  /**
   * Zstandard frames that tell their size.
   *
   * @throws ArrayException {@code LIBRARY_MISSING} without zstd-jni
   */
  static BlockEncoder zstd(int level) {
    return optional("zstd", "com.github.luben:zstd-jni", () -> new ZstdEncoder(level));
  }

  private static BlockEncoder optional(
      String compressor, String jar, Supplier<BlockEncoder> encoder) {
    try {
      return encoder.get();
    } catch (LinkageError e) {
      throw new ArrayException(
          ErrorCode.LIBRARY_MISSING,
          "compressor " + compressor,
          "the library that encodes it can't be loaded: " + e,
          "Put " + jar + " on the class path, as Spark does",
          e);
    }
  }
}
