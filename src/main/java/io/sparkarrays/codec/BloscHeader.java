// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The 16 bytes that a Blosc-1 frame begins with. Made by {@link #read} only if they do not
 * contradict each other.
 *
 * @param flags which shuffle, whether the content is stored as it is, the compressor's number
 * @param typeSize bytes of an element
 * @param size bytes of the content
 * @param blockSize bytes of content in each block but the last
 * @param frameSize bytes of the frame, these 16 included
 */
record BloscHeader(int flags, int typeSize, int size, int blockSize, int frameSize) {

  static final int BYTES = 16;

  private static final int VERSION = 2;
  private static final int BYTE_SHUFFLE = 1;
  private static final int STORED = 2;
  private static final int BIT_SHUFFLE = 4;
  private static final int NEVER_SPLIT = 16;
  private static final int MOST_SPLITS = 16;
  private static final int SMALLEST_SPLIT = 128;

  /** No compressor makes more than this of one byte; Zstandard comes nearest, with 32768. */
  private static final long MOST_RATIO = 1 << 16;

  /** Reads the header of a frame. */
  static BloscHeader read(ByteBuffer frame) throws DecodeException {
    return read(frame, frame.remaining());
  }

  /**
   * Reads a header.
   *
   * @param frame begins with it
   * @param available bytes that the frame can have at most
   */
  static BloscHeader read(ByteBuffer frame, long available) throws DecodeException {
    if (frame.remaining() < BYTES) {
      throw new DecodeException(
          "a Blosc frame has a header of " + BYTES + " bytes, not " + frame.remaining());
    }
    ByteBuffer in = frame.slice().order(ByteOrder.LITTLE_ENDIAN);
    int version = in.get(0) & 255;
    if (version != VERSION) {
      throw new DecodeException(
          "the Blosc frame is of version " + version + "; version " + VERSION + " can be read");
    }
    BloscHeader header =
        new BloscHeader(
            in.get(2) & 255, in.get(3) & 255, in.getInt(4), in.getInt(8), in.getInt(12));
    header.check(available);
    return header;
  }

  private void check(long available) throws DecodeException {
    boolean consistent =
        size >= 0
            && typeSize > 0
            && (size == 0 || blockSize > 0)
            && frameSize >= BYTES
            && frameSize <= available
            && size <= MOST_RATIO * frameSize
            && (stored() ? size == frameSize - BYTES : 4L * blocks() <= frameSize - BYTES);
    if (!consistent) {
      throw new DecodeException(
          "the Blosc header contradicts itself or the " + available + " bytes there are: " + this);
    }
  }

  boolean stored() {
    return (flags & STORED) != 0;
  }

  boolean byteShuffle() {
    return (flags & BYTE_SHUFFLE) != 0 && typeSize > 1;
  }

  boolean bitShuffle() {
    return !byteShuffle() && (flags & BIT_SHUFFLE) != 0;
  }

  /** 0 BloscLZ, 1 LZ4, 2 Snappy, 3 zlib, 4 Zstandard. */
  int compressor() {
    return flags >> 5;
  }

  int blocks() {
    return size == 0 ? 0 : (int) (((long) size + blockSize - 1) / blockSize);
  }

  /** Bytes of content in a block. */
  int blockBytes(int block) {
    return (int) Math.min(blockSize, size - (long) block * blockSize);
  }

  /** How many streams a block is compressed as: one a byte of the element, or one in all. */
  int splits(int block) {
    boolean split =
        (flags & NEVER_SPLIT) == 0
            && typeSize <= MOST_SPLITS
            && blockSize / typeSize >= SMALLEST_SPLIT
            && blockBytes(block) == blockSize;
    return split ? typeSize : 1;
  }
}
