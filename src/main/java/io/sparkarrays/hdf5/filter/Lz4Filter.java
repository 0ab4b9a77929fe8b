// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.BlockDecoder;
import io.sparkarrays.codec.DecodeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * LZ4 in the HDF5 plugin's frame: decoded size (8 bytes, most significant first), block size (4),
 * then blocks with their stored size before them, which are plain if that is the decoded size.
 */
final class Lz4Filter implements Filter {

  @Override
  public int id() {
    return 32004;
  }

  @Override
  public String name() {
    return "lz4";
  }

  @Override
  public Decoder decoder(FilterSpec spec) {
    return new Blocks(BlockDecoder.lz4());
  }

  private static final class Blocks implements Decoder {
    /** A byte of length stands for 255 bytes. */
    private static final long MOST_RATIO = 256;

    private final BlockDecoder lz4;
    private byte[] scratch = {};

    Blocks(BlockDecoder lz4) {
      this.lz4 = lz4;
    }

    @Override
    public void decode(ByteBuffer encoded, ByteBuffer decoded) throws DecodeException {
      ByteBuffer in = encoded.order(ByteOrder.BIG_ENDIAN);
      long size = in.remaining() < 12 ? -1 : in.getLong();
      if (size < 0 || size > decoded.remaining()) {
        throw new DecodeException(
            "an LZ4 frame of " + size + " bytes, " + decoded.remaining() + " are due");
      }
      long block = in.getInt() & 0xffff_ffffL;
      int left = (int) size;
      while (left > 0) {
        int due = (int) Math.min(block, left);
        int stored = in.remaining() < 4 ? -1 : in.getInt();
        if (due == 0 || stored < 0 || stored > in.remaining()) {
          throw new DecodeException("an LZ4 block of " + stored + " bytes leads out of its chunk");
        }
        int from = in.arrayOffset() + in.position();
        if (stored == due) {
          decoded.put(in.array(), from, stored);
        } else if (decoded.hasArray()) {
          int at = decoded.arrayOffset() + decoded.position();
          lz4.decode(in.array(), from, stored, decoded.array(), at, due);
          decoded.position(decoded.position() + due);
        } else {
          scratch = scratch.length < due ? new byte[due] : scratch;
          lz4.decode(in.array(), from, stored, scratch, 0, due);
          decoded.put(scratch, 0, due);
        }
        in.position(in.position() + stored);
        left -= due;
      }
      in.position(in.limit());
    }

    @Override
    public long mostDecoded(long encoded) {
      return encoded * MOST_RATIO;
    }
  }
}
