// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.BlockDecoder;
import io.sparkarrays.codec.DecodeException;
import java.nio.ByteBuffer;

/** One Zstandard frame a chunk. */
final class ZstdFilter implements Filter {

  /** A block of one repeated byte takes four and stands for up to 128 KiB. */
  private static final long MOST_RATIO = 1 << 15;

  /** The most bytes that frames can decode to. */
  static long mostDecoded(long encoded) {
    return encoded > Long.MAX_VALUE / MOST_RATIO ? Long.MAX_VALUE : encoded * MOST_RATIO;
  }

  @Override
  public int id() {
    return 32015;
  }

  @Override
  public String name() {
    return "zstd";
  }

  @Override
  public Decoder decoder(FilterSpec spec) {
    BlockDecoder zstd = BlockDecoder.zstd();
    return new Decoder() {
      private byte[] scratch = {};

      @Override
      public void decode(ByteBuffer encoded, ByteBuffer decoded) throws DecodeException {
        int due = decoded.remaining();
        int from = encoded.arrayOffset() + encoded.position();
        if (decoded.hasArray()) {
          int at = decoded.arrayOffset() + decoded.position();
          zstd.decode(encoded.array(), from, encoded.remaining(), decoded.array(), at, due);
          decoded.position(decoded.limit());
        } else {
          scratch = scratch.length < due ? new byte[due] : scratch;
          zstd.decode(encoded.array(), from, encoded.remaining(), scratch, 0, due);
          decoded.put(scratch, 0, due);
        }
        encoded.position(encoded.limit());
      }

      @Override
      public long mostDecoded(long stored) {
        return ZstdFilter.mostDecoded(stored);
      }
    };
  }
}
