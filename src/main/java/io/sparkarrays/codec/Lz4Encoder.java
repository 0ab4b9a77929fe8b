// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/** LZ4 blocks, by lz4-java. */
final class Lz4Encoder implements BlockEncoder {

  private final LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();

  @Override
  public int mostEncoded(int length) {
    return compressor.maxCompressedLength(length);
  }

  @Override
  public int encode(byte[] source, int from, int length, byte[] target, int at) {
    return compressor.compress(source, from, length, target, at);
  }
}
