// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.lang.ref.Cleaner;

/** Zstandard frames, by zstd-jni. Keeps native memory: one thread uses it at a time. */
final class ZstdDecoder implements BlockDecoder {

  private static final Cleaner CLEANER = Cleaner.create();

  /** Loads the native part now, so that its absence shows where the decoder is asked for. */
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();

  ZstdDecoder() {
    // Its native memory is of no garbage collector, and decoders are not closed.
    CLEANER.register(this, context::close);
  }

  @Override
  public void decode(byte[] source, int from, int length, byte[] target, int at, int decoded)
      throws DecodeException {
    long size;
    try {
      size = context.decompressByteArray(target, at, decoded, source, from, length);
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
