// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.BlockEncoder;
import java.nio.ByteBuffer;

/** Makes chunks that are one block of a compressor each. */
final class WholeChunkEncoder implements ChunkEncoder {

  private final BlockEncoder compressor;
  private byte[] stored = {};

  WholeChunkEncoder(BlockEncoder compressor) {
    this.compressor = compressor;
  }

  @Override
  public ByteBuffer encode(byte[] chunk, int length) {
    int most = compressor.mostEncoded(length);
    stored = stored.length < most ? new byte[most] : stored;
    return ByteBuffer.wrap(stored, 0, compressor.encode(chunk, 0, length, stored, 0));
  }
}
