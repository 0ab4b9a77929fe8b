// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.util.function.Supplier;

/**
 * Decodes blocks of a general compressor whose decoded size is known beforehand. Keeps scratch, so
 * each thread needs its own.
 */
public interface BlockDecoder {

  /**
   * Decodes one block.
   *
   * @param source holds the encoded bytes
   * @param from where they begin
   * @param length how many there are
   * @param target takes the decoded bytes; nothing outside the given range is written
   * @param at where they go
   * @param decoded how many there must be
   * @throws DecodeException if the block is damaged or has another decoded size
   */
  void decode(byte[] source, int from, int length, byte[] target, int at, int decoded)
      throws DecodeException;

  /** Blosc's own FastLZ-like compressor. */
  static BlockDecoder bloscLz() {
    return new BloscLzDecoder();
  }

  /** Deflate with zlib's header and check, by the JDK. */
  static BlockDecoder zlib() {
    return new ZlibDecoder();
  }

  /**
   * LZ4 blocks without a frame.
   *
   * @throws ArrayException {@code LIBRARY_MISSING} without lz4-java
   */
  static BlockDecoder lz4() {
    // Not Lz4Decoder::new, which would load the class before it is known what to say without.
    return optional("lz4", "at.yawk.lz4:lz4-java", () -> new Lz4Decoder());
  }

  /**
   * Zstandard frames.
   *
   * @throws ArrayException {@code LIBRARY_MISSING} without zstd-jni
   */
  static BlockDecoder zstd() {
    return optional("zstd", "com.github.luben:zstd-jni", () -> new ZstdDecoder());
  }

  /**
   * Bzip2 streams.
   *
   * @throws ArrayException {@code LIBRARY_MISSING} without commons-compress
   */
  static BlockDecoder bzip2() {
    return optional("bzip2", "org.apache.commons:commons-compress", () -> new Bzip2Decoder());
  }

  /**
   * Snappy blocks without a frame.
   *
   * @throws ArrayException {@code LIBRARY_MISSING} without snappy-java
   */
  static BlockDecoder snappy() {
    return optional("snappy", "org.xerial.snappy:snappy-java", () -> new SnappyDecoder());
  }

  private static BlockDecoder optional(
      String compressor, String jar, Supplier<BlockDecoder> decoder) {
    try {
      return decoder.get();
    } catch (LinkageError e) {
      throw new ArrayException(
          ErrorCode.LIBRARY_MISSING,
          "compressor " + compressor,
          "the library that decodes it can't be loaded: " + e,
          "Put " + jar + " on the class path, as Spark does",
          e);
    }
  }
}
