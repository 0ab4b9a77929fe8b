// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import java.util.zip.Deflater;

/** Deflate streams with zlib's header, by the JDK. */
final class ZlibEncoder implements BlockEncoder {

  private final int level;

  ZlibEncoder(int level) {
    this.level = level;
  }

  /** As zlib's {@code compressBound}. */
  @Override
  public int mostEncoded(int length) {
    return Math.addExact(length, (length >>> 12) + (length >>> 14) + (length >>> 25) + 64);
  }

  /** A deflater's memory is not Java's, so none outlives its block. */
  @Override
  public int encode(byte[] source, int from, int length, byte[] target, int at) {
    Deflater deflater = new Deflater(level);
    try {
      deflater.setInput(source, from, length);
      deflater.finish();
      int written = 0;
      while (!deflater.finished()) {
        int now = deflater.deflate(target, at + written, target.length - at - written);
        if (now == 0 && !deflater.finished()) {
          throw new IllegalStateException("no room for a block of " + length + " bytes");
        }
        written += now;
      }
      return written;
    } finally {
      deflater.end();
    }
  }
}
