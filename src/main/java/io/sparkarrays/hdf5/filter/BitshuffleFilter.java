// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.BlockDecoder;
import io.sparkarrays.codec.DecodeException;
import io.sparkarrays.codec.Unshuffler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bits of elements sorted by significance, block by block, and each block compressed if the
 * parameters say so. What is left behind the last multiple of eight elements is stored as it is.
 */
final class BitshuffleFilter implements Filter {

  /** Bytes that the library makes a block of, if nobody says otherwise. */
  private static final int BLOCK = 8192;

  private static final int LEAST_ELEMENTS = 128;

  /** Elements of a block, if nobody says otherwise. */
  static int usualBlock(int size) {
    return Math.max(LEAST_ELEMENTS, BLOCK / size / 8 * 8);
  }

  @Override
  public int id() {
    return 32008;
  }

  @Override
  public String name() {
    return "bitshuffle";
  }

  @Override
  public Decoder decoder(FilterSpec spec) throws DecodeException {
    int size = spec.parameter(2);
    if (size < 1 || size > BLOCK) {
      throw new DecodeException("bitshuffle of elements of " + size + " bytes");
    }
    BlockDecoder codec =
        switch (spec.parameter(4)) {
          case 0 -> null;
          case 2 -> BlockDecoder.lz4();
          case 3 -> BlockDecoder.zstd();
          default -> throw new DecodeException("bitshuffle with codec " + spec.parameter(4));
        };
    return new Unshuffling(size, spec.parameter(3), codec);
  }

  private static final class Unshuffling implements Decoder {
    private final int size;
    private final int parameter;
    private final BlockDecoder codec;
    private final Unshuffler unshuffler;
    private byte[] shuffled = {};
    private byte[] content = {};

    Unshuffling(int size, int parameter, BlockDecoder codec) {
      this.size = size;
      this.unshuffler = new Unshuffler(size);
      this.parameter = parameter;
      this.codec = codec;
    }

    @Override
    public void decode(ByteBuffer encoded, ByteBuffer decoded) throws DecodeException {
      ByteBuffer in = encoded.order(ByteOrder.BIG_ENDIAN);
      long bytes = in.remaining();
      long blockElements = parameter != 0 ? parameter : usualBlock(size);
      if (codec != null) {
        bytes = in.remaining() < 12 ? -1 : in.getLong();
        blockElements = bytes < 0 ? 0 : in.getInt() / size;
      }
      if (bytes < 0 || bytes > decoded.remaining()) {
        throw new DecodeException(
            bytes + " bitshuffled bytes, " + decoded.remaining() + " are due");
      }
      if (blockElements <= 0 || blockElements % 8 != 0) {
        throw new DecodeException("bitshuffle blocks of " + blockElements + " elements");
      }
      long elements = bytes / size;
      while (elements >= 8) {
        int now = (int) (Math.min(elements, blockElements) / 8 * 8) * size;
        block(in, now, decoded);
        elements -= now / size;
      }
      int rest = (int) (elements * size + bytes % size);
      if (in.remaining() < rest) {
        throw new DecodeException("bitshuffled bytes end too early");
      }
      decoded.put(in.array(), in.arrayOffset() + in.position(), rest);
      in.position(in.limit());
    }

    private void block(ByteBuffer in, int bytes, ByteBuffer decoded) throws DecodeException {
      int stored = codec == null ? bytes : in.remaining() < 4 ? -1 : in.getInt();
      if (stored < 0 || stored > in.remaining()) {
        throw new DecodeException(
            "a bitshuffle block of " + stored + " bytes leads out of its chunk");
      }
      byte[] source = in.array();
      int from = in.arrayOffset() + in.position();
      if (codec != null) {
        shuffled = shuffled.length < bytes ? new byte[bytes] : shuffled;
        codec.decode(source, from, stored, shuffled, 0, bytes);
        source = shuffled;
        from = 0;
      }
      in.position(in.position() + stored);
      if (decoded.hasArray()) {
        int at = decoded.arrayOffset() + decoded.position();
        unshuffler.bits(source, from, decoded.array(), at, bytes);
        decoded.position(decoded.position() + bytes);
      } else {
        content = content.length < bytes ? new byte[bytes] : content;
        unshuffler.bits(source, from, content, 0, bytes);
        decoded.put(content, 0, bytes);
      }
    }

    @Override
    public long mostDecoded(long encoded) {
      return codec == null ? encoded : ZstdFilter.mostDecoded(encoded);
    }
  }
}
