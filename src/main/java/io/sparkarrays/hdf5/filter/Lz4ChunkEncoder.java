// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.BlockEncoder;
import java.nio.ByteBuffer;

/** Makes what {@link Lz4Filter} reads: blocks of LZ4, plain where that gains nothing. */
final class Lz4ChunkEncoder implements ChunkEncoder {

  /** Bytes of a block: in the cache while it is compressed. */
  private static final int BLOCK = 1 << 20;

  private static final int HEADER = Long.BYTES + Integer.BYTES;

  private final BlockEncoder lz4 = BlockEncoder.lz4();
  private byte[] stored = {};

  @Override
  public ByteBuffer encode(byte[] chunk, int length) {
    int blocks = (length + BLOCK - 1) / BLOCK;
    int most = Math.addExact(HEADER, blocks * (Integer.BYTES + lz4.mostEncoded(BLOCK)));
    stored = stored.length < most ? new byte[most] : stored;
    ByteBuffer out = ByteBuffer.wrap(stored).putLong(length).putInt(Math.min(BLOCK, length));
    for (int from = 0; from < length; from += BLOCK) {
      int bytes = Math.min(BLOCK, length - from);
      int at = out.position() + Integer.BYTES;
      int encoded = lz4.encode(chunk, from, bytes, stored, at);
      if (encoded >= bytes) {
        System.arraycopy(chunk, from, stored, at, bytes);
        encoded = bytes;
      }
      out.putInt(encoded).position(at + encoded);
    }
    return out.flip();
  }
}
