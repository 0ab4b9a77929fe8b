// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.DecodeException;
import java.nio.ByteBuffer;

/** A checksum behind the bytes (H5checksum.c), which is verified. */
final class Fletcher32Filter implements Filter {

  private static final int CHECKSUM = 4;

  /** Most words that can be summed up in 32 bits before folding. */
  private static final int WORDS = 360;

  @Override
  public int id() {
    return 3;
  }

  @Override
  public String name() {
    return "fletcher32";
  }

  @Override
  public Decoder decoder(FilterSpec spec) {
    return new Verifying();
  }

  private static final class Verifying implements Decoder {
    @Override
    public void decode(ByteBuffer encoded, ByteBuffer decoded) throws DecodeException {
      int length = encoded.remaining() - CHECKSUM;
      if (length < 0 || length > decoded.remaining()) {
        throw new DecodeException(
            length + " bytes before a checksum, " + decoded.remaining() + " are due");
      }
      byte[] bytes = encoded.array();
      int from = encoded.arrayOffset() + encoded.position();
      int computed = sum(bytes, from, length);
      int stored = 0;
      for (int i = CHECKSUM - 1; i >= 0; i--) {
        stored = stored << 8 | (bytes[from + length + i] & 0xff);
      }
      // Files before HDF5 1.6.3 have the bytes of each half exchanged.
      int exchanged = ((stored >>> 8) & 0x00ff00ff) | ((stored & 0x00ff00ff) << 8);
      if (stored != computed && exchanged != computed) {
        throw new DecodeException(
            String.format("Fletcher checksum %08x stored, %08x computed", stored, computed));
      }
      decoded.put(bytes, from, length);
      encoded.position(encoded.limit());
    }

    @Override
    public long mostEncoded(long decoded) {
      return decoded + CHECKSUM;
    }

    @Override
    public long mostDecoded(long encoded) {
      return encoded;
    }
  }

  /** Sums 16-bit words that have the first byte highest. */
  static int sum(byte[] bytes, int from, int length) {
    int low = 0;
    int high = 0;
    int at = from;
    int words = length / 2;
    while (words > 0) {
      int now = Math.min(words, WORDS);
      words -= now;
      for (int i = 0; i < now; i++, at += 2) {
        low += ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
        high += low;
      }
      low = fold(low);
      high = fold(high);
    }
    if (length % 2 != 0) {
      low = fold(low + ((bytes[at] & 0xff) << 8));
      high = fold(high + low);
    }
    return fold(high) << 16 | fold(low);
  }

  private static int fold(int sum) {
    return (sum & 0xffff) + (sum >>> 16);
  }
}
