// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;

/** Zstandard frames, by zstd-jni. */
final class ZstdDecoder implements BlockDecoder {

  ZstdDecoder() {
    // Loads the native part now, so that its absence shows where the decoder is asked for.
    Zstd.maxCompressionLevel();
  }

  @Override
  public void decode(byte[] source, int from, int length, byte[] target, int at, int decoded)
      throws DecodeException {
    long size;
    try {
      size = Zstd.decompressByteArray(target, at, decoded, source, from, length);
    } catch (ZstdException e) {
      throw new DecodeException(
          "a Zstandard frame can't be decoded: "
              + e.getMessage()
              + "; frames of Zstandard before 0.8 are not readable",
          e);
    }
    if (size != decoded) {
      throw new DecodeException(
          "a Zstandard frame holds " + size + " bytes, " + decoded + " are due");
    }
  }
}
