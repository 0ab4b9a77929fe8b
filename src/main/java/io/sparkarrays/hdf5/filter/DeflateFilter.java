// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.DecodeException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Deflate with zlib's header and check value, by the JDK's inflater. */
final class DeflateFilter implements Filter {

  @Override
  public int id() {
    return 1;
  }

  @Override
  public String name() {
    return "deflate";
  }

  @Override
  public Decoder decoder(FilterSpec spec) {
    return new Inflating();
  }

  private static final class Inflating implements Decoder {
    /** The longest match, 258 bytes, takes at least 2 bits. */
    private static final long MOST_RATIO = 1032;

    private final Inflater inflater = new Inflater();
    private final byte[] beyond = new byte[1];

    @Override
    public void decode(ByteBuffer encoded, ByteBuffer decoded) throws DecodeException {
      inflater.reset();
      inflater.setInput(encoded);
      try {
        while (decoded.hasRemaining() && !inflater.finished()) {
          if (inflater.inflate(decoded) == 0 && !inflater.finished()) {
            throw new DecodeException("a deflate stream ends too early");
          }
        }
        // The check value may still be unread, which takes a call that yields nothing.
        if (!inflater.finished() && inflater.inflate(beyond) != 0) {
          throw new DecodeException("a deflate stream holds more bytes than are due");
        }
        if (!inflater.finished()) {
          throw new DecodeException("a deflate stream ends too early");
        }
      } catch (DataFormatException e) {
        throw new DecodeException("a deflate stream is damaged: " + e.getMessage(), e);
      }
    }

    @Override
    public long mostDecoded(long encoded) {
      return encoded * MOST_RATIO;
    }
  }
}
