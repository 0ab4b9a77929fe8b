// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import com.github.luben.zstd.Zstd;

/** Zstandard frames, by zstd-jni. */
final class ZstdEncoder implements BlockEncoder {

  private final int level;

  ZstdEncoder(int level) {
    // Loads the native part now, so that its absence shows where the encoder is asked for.
    this.level = Math.min(level, Zstd.maxCompressionLevel());
  }

  @Override
  public int mostEncoded(int length) {
    return Math.toIntExact(Zstd.compressBound(length));
  }

  @Override
  public int encode(byte[] source, int from, int length, byte[] target, int at) {
    return (int)
        Zstd.compressByteArray(target, at, target.length - at, source, from, length, level);
  }
}
