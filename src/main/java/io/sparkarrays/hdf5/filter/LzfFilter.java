// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.DecodeException;
import java.nio.ByteBuffer;

/** LibLZF's compression, as h5py brings it: literal runs and references without a frame. */
final class LzfFilter implements Filter {

  @Override
  public int id() {
    return 32000;
  }

  @Override
  public String name() {
    return "lzf";
  }

  @Override
  public Decoder decoder(FilterSpec spec) {
    return new Expanding();
  }

  private static final class Expanding implements Decoder {
    /** The longest reference, 264 bytes, takes 3. */
    private static final long MOST_RATIO = 88;

    private byte[] scratch = {};

    @Override
    public void decode(ByteBuffer encoded, ByteBuffer decoded) throws DecodeException {
      byte[] in = encoded.array();
      int from = encoded.arrayOffset() + encoded.position();
      int to = from + encoded.remaining();
      int length;
      if (decoded.hasArray()) {
        int at = decoded.arrayOffset() + decoded.position();
        length = expand(in, from, to, decoded.array(), at, at + decoded.remaining());
        decoded.position(decoded.position() + length);
      } else {
        int room = decoded.remaining();
        scratch = scratch.length < room ? new byte[room] : scratch;
        length = expand(in, from, to, scratch, 0, room);
        decoded.put(scratch, 0, length);
      }
      encoded.position(encoded.limit());
    }

    @Override
    public long mostDecoded(long encoded) {
      return encoded * MOST_RATIO;
    }
  }

  /** Expands a stream and gives the number of bytes written. */
  private static int expand(byte[] in, int from, int to, byte[] out, int start, int end)
      throws DecodeException {
    int at = from;
    int put = start;
    while (at < to) {
      int control = in[at++] & 0xff;
      if (control < 32) {
        int run = control + 1;
        if (run > to - at || run > end - put) {
          throw new DecodeException("an LZF run of " + run + " bytes leads out of its chunk");
        }
        System.arraycopy(in, at, out, put, run);
        at += run;
        put += run;
        continue;
      }
      int length = control >> 5;
      if (at + (length == 7 ? 2 : 1) > to) {
        throw new DecodeException("an LZF stream ends inside a reference");
      }
      length = length == 7 ? 7 + (in[at++] & 0xff) : length;
      length += 2;
      int distance = ((control & 31) << 8) + (in[at++] & 0xff) + 1;
      if (distance > put - start || length > end - put) {
        throw new DecodeException("an LZF reference " + distance + " back leads out of its chunk");
      }
      if (distance >= length) {
        System.arraycopy(out, put - distance, out, put, length);
        put += length;
      } else {
        for (int i = 0; i < length; i++, put++) {
          out[put] = out[put - distance];
        }
      }
    }
    return put - start;
  }
}
