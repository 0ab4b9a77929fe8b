// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.BlockEncoder;
import io.sparkarrays.codec.Shuffle;
import java.nio.ByteBuffer;

/** Makes what {@link BitshuffleFilter} reads, with LZ4 behind it. */
final class BitshuffleChunkEncoder implements ChunkEncoder {

  private static final int HEADER = Long.BYTES + Integer.BYTES;

  private final BlockEncoder lz4 = BlockEncoder.lz4();
  private final int size;
  private final int block;
  private final byte[] sorted;
  private final byte[] scratch;
  private byte[] stored = {};

  /**
   * @param size bytes of an element
   */
  BitshuffleChunkEncoder(int size) {
    this.size = size;
    this.block = BitshuffleFilter.usualBlock(size) * size;
    this.sorted = new byte[block];
    this.scratch = new byte[block];
  }

  @Override
  public ByteBuffer encode(byte[] chunk, int length) {
    int blocks = length / block + 1;
    int most = Math.addExact(HEADER + 8 * size, blocks * (Integer.BYTES + lz4.mostEncoded(block)));
    stored = stored.length < most ? new byte[most] : stored;
    ByteBuffer out = ByteBuffer.wrap(stored).putLong(length).putInt(block);
    int from = 0;
    while (length - from >= 8 * size) {
      int bytes = Math.min(block, (length - from) / (8 * size) * (8 * size));
      Shuffle.bits(chunk, from, sorted, 0, bytes, size, scratch);
      int at = out.position() + Integer.BYTES;
      int encoded = lz4.encode(sorted, 0, bytes, stored, at);
      out.putInt(encoded).position(at + encoded);
      from += bytes;
    }
    return out.put(chunk, from, length - from).flip();
  }
}
