// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/**
 * Encodes Blosc-1 frames of shuffled bytes in LZ4 blocks, which every Blosc reads, also old ones:
 * blocks are split into a stream a byte of the element by the rule that Blosc had before frames
 * told whether they are. Keeps scratch, so each thread needs its own.
 */
public final class BloscEncoder {

  /** Bytes of a block: shuffled and compressed, it stays in the second-level cache. */
  private static final int BLOCK = 256 * 1024;

  private static final int VERSION = 2;
  private static final int LZ4_VERSION = 1;
  private static final int SHUFFLED_LZ4 = 1 << 5 | 1;
  private static final int WIDEST = 255;

  private final LZ4Compressor compressor;
  private final byte[] content = new byte[BLOCK];
  private final byte[] sorted = new byte[BLOCK];
  private final byte[] packed;

  private BloscEncoder(LZ4Compressor compressor) {
    this.compressor = compressor;
    this.packed = new byte[compressor.maxCompressedLength(BLOCK)];
  }

  /**
   * Makes an encoder.
   *
   * @throws ArrayException {@code LIBRARY_MISSING} without lz4-java
   */
  public static BloscEncoder create() {
    try {
      return new BloscEncoder(LZ4Factory.fastestInstance().fastCompressor());
    } catch (LinkageError e) {
      throw new ArrayException(
          ErrorCode.LIBRARY_MISSING,
          "compressor lz4",
          "the library that encodes it can't be loaded: " + e,
          "Put at.yawk.lz4:lz4-java on the class path, as Spark does",
          e);
    }
  }

  /**
   * Encodes bytes if that makes them smaller.
   *
   * @param source its remaining bytes are encoded; the position stays
   * @param typeSize bytes of an element; beyond 255 they are not shuffled, as Blosc has it
   * @return the frame, or null if it were not smaller than the bytes are
   */
  public ByteBuffer encode(ByteBuffer source, int typeSize) {
    int size = source.remaining();
    int type = typeSize > WIDEST ? 1 : typeSize;
    // Whole elements in a block, so that all but the last can be split.
    int blockSize = Math.min(Math.max(1, BLOCK / type) * type, size);
    BloscHeader header = new BloscHeader(SHUFFLED_LZ4, type, size, blockSize, size);
    int blocks = header.blocks();
    if (size <= BloscHeader.BYTES + 4L * blocks) {
      return null;
    }
    ByteBuffer frame = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    frame.put((byte) VERSION).put((byte) LZ4_VERSION).put((byte) SHUFFLED_LZ4).put((byte) type);
    frame.putInt(size).putInt(blockSize).putInt(0);
    frame.position(BloscHeader.BYTES + 4 * blocks);
    for (int block = 0; block < blocks; block++) {
      int bytes = header.blockBytes(block);
      frame.putInt(BloscHeader.BYTES + 4 * block, frame.position());
      source.get(source.position() + block * blockSize, content, 0, bytes);
      Shuffle.bytes(content, 0, sorted, 0, bytes, type);
      int part = bytes / header.splits(block);
      for (int at = 0; at < bytes; at += part) {
        if (!stream(at, part, frame)) {
          return null;
        }
      }
    }
    return frame.putInt(12, frame.position()).flip();
  }

  /** One stream, stored as it is where LZ4 gains nothing; false if the frame has no room for it. */
  private boolean stream(int at, int length, ByteBuffer frame) {
    int start = frame.position() + Integer.BYTES;
    int written = compressor.compress(sorted, at, length, packed, 0);
    int bytes = Math.min(written, length);
    if (bytes > frame.capacity() - start) {
      return false;
    }
    frame.putInt(bytes);
    if (written < length) {
      frame.put(packed, 0, written);
    } else {
      frame.put(sorted, at, length);
    }
    return true;
  }
}
