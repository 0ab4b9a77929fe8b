// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** LZ4 blocks, by lz4-java. */
final class Lz4Decoder implements BlockDecoder {

  private final LZ4SafeDecompressor decompressor = LZ4Factory.fastestInstance().safeDecompressor();

  @Override
  public void decode(byte[] source, int from, int length, byte[] target, int at, int decoded)
      throws DecodeException {
    int size;
    try {
      size = decompressor.decompress(source, from, length, target, at, decoded);
    } catch (LZ4Exception e) {
      throw new DecodeException("an LZ4 block is damaged: " + e.getMessage(), e);
    }
    if (size != decoded) {
      throw new DecodeException("an LZ4 block holds " + size + " bytes, " + decoded + " are due");
    }
  }
}
