// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Decodes Blosc-1 frames: independent blocks, each shuffled and compressed as one stream or as one
 * stream a byte of the element. Memory is bounded by the sizes that the caller knows, never by what
 * a frame says of itself. Keeps scratch, so each thread needs its own.
 */
public final class BloscDecoder {

  private static final int COMPRESSORS = 5;

  private final BlockDecoder[] compressors = new BlockDecoder[COMPRESSORS];
  private byte[] encoded = {};
  private byte[] sorted = {};
  private byte[] content = {};
  private Unshuffler unshuffler;
  private int unshufflerSize;

  /**
   * Decodes a whole frame.
   *
   * @param frame its bytes from the position on, with nothing behind them; consumed
   * @param target its remaining bytes are filled
   * @throws DecodeException if the frame is damaged, or its content has another size
   * @throws io.sparkarrays.core.ArrayException {@code LIBRARY_MISSING}
   */
  public void decode(ByteBuffer frame, ByteBuffer target) throws DecodeException {
    BloscHeader header = BloscHeader.read(frame);
    if (header.size() != target.remaining()) {
      throw new DecodeException(
          "the Blosc frame holds " + header.size() + " bytes, " + target.remaining() + " are due");
    }
    if (header.stored()) {
      target.put(frame.slice(frame.position() + BloscHeader.BYTES, header.size()));
    } else {
      ByteBuffer in = frame.slice().limit(header.frameSize()).order(ByteOrder.LITTLE_ENDIAN);
      for (int block = 0; block < header.blocks(); block++) {
        int at = in.getInt(BloscHeader.BYTES + 4 * block);
        if (at < BloscHeader.BYTES + 4 * header.blocks()) {
          throw new DecodeException("block " + block + " of a Blosc frame begins at byte " + at);
        }
        target.put(block(header, in, at, block), 0, header.blockBytes(block));
      }
    }
    frame.position(frame.limit());
  }

  /**
   * Decodes one block.
   *
   * @param in little-endian; holds the block's streams from {@code at} on
   * @return memory that begins with the content; it is the decoder's, until its next use
   */
  byte[] block(BloscHeader header, ByteBuffer in, int at, int block) throws DecodeException {
    int bytes = header.blockBytes(block);
    sorted = room(sorted, bytes);
    int splits = header.splits(block);
    if (bytes % splits != 0) {
      throw new DecodeException(
          "a Blosc block of " + bytes + " bytes can't be " + splits + " streams");
    }
    int part = bytes / splits;
    int next = at;
    for (int split = 0; split < splits; split++) {
      int length = next > in.limit() - 4 ? -1 : in.getInt(next);
      next += 4;
      if (length < 0 || length > in.limit() - next) {
        throw new DecodeException(
            "stream " + split + " of block " + block + " leads out of the Blosc frame");
      }
      stream(header, in, next, length, split * part, part);
      next += length;
    }
    return unshuffled(header, bytes);
  }

  private void stream(BloscHeader header, ByteBuffer in, int at, int length, int to, int decoded)
      throws DecodeException {
    if (length == decoded) {
      in.get(at, sorted, to, length);
      return;
    }
    BlockDecoder compressor = compressor(header.compressor());
    if (in.hasArray()) {
      compressor.decode(in.array(), in.arrayOffset() + at, length, sorted, to, decoded);
    } else {
      encoded = room(encoded, length);
      in.get(at, encoded, 0, length);
      compressor.decode(encoded, 0, length, sorted, to, decoded);
    }
  }

  private byte[] unshuffled(BloscHeader header, int bytes) {
    int size = header.typeSize();
    if (header.byteShuffle()) {
      content = room(content, bytes);
      unshuffler(size).bytes(sorted, 0, content, 0, bytes);
      return content;
    }
    int elements = bytes / size;
    // Blosc leaves a block as it is whose elements are not groups of eight.
    if (header.bitShuffle() && elements > 0 && elements % 8 == 0) {
      content = room(content, bytes);
      int whole = elements * size;
      unshuffler(size).bits(sorted, 0, content, 0, whole);
      System.arraycopy(sorted, whole, content, whole, bytes - whole);
      return content;
    }
    return sorted;
  }

  private Unshuffler unshuffler(int size) {
    if (unshufflerSize != size) {
      unshuffler = new Unshuffler(size);
      unshufflerSize = size;
    }
    return unshuffler;
  }

  private BlockDecoder compressor(int number) throws DecodeException {
    if (number >= COMPRESSORS) {
      throw new DecodeException("Blosc knows no compressor of number " + number);
    }
    if (compressors[number] == null) {
      compressors[number] =
          switch (number) {
            case 0 -> BlockDecoder.bloscLz();
            case 1 -> BlockDecoder.lz4();
            case 2 -> BlockDecoder.snappy();
            case 3 -> BlockDecoder.zlib();
            default -> BlockDecoder.zstd();
          };
    }
    return compressors[number];
  }

  private static byte[] room(byte[] scratch, int bytes) {
    return scratch.length >= bytes ? scratch : new byte[bytes];
  }
}
