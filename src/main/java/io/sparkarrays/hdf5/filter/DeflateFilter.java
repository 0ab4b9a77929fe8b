// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.DecodeException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Deflate with zlib's header and check value: by Intel's library if it is there, else, and for what
 * that can't read, by the JDK's inflater.
 */
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
    StreamInflater isal = isal();
    StreamInflater jdk = new JdkInflater();
    return isal == null ? new Inflating(jdk) : new Inflating(isal, jdk);
  }

  /** Intel's inflater; null without it. */
  static IsalInflater isal() {
    try {
      return IsalInflater.find().orElse(null);
    } catch (LinkageError e) {
      return null;
    }
  }

  /** Has each of some inflaters try in turn. */
  static final class Inflating implements Decoder {
    /** The longest match, 258 bytes, takes at least 2 bits. */
    private static final long MOST_RATIO = 1032;

    private final StreamInflater[] inflaters;
    private byte[] scratch = {};

    Inflating(StreamInflater... inflaters) {
      this.inflaters = inflaters;
    }

    @Override
    public void decode(ByteBuffer encoded, ByteBuffer decoded) throws DecodeException {
      for (StreamInflater inflater : inflaters) {
        if (fast(inflater, encoded, decoded)) {
          return;
        }
      }
      plain(encoded, decoded);
    }

    /** Whether an inflater could do it; else neither buffer's position has moved. */
    private boolean fast(StreamInflater by, ByteBuffer encoded, ByteBuffer decoded) {
      int from = encoded.arrayOffset() + encoded.position();
      int length = encoded.remaining();
      int room = decoded.remaining();
      int bytes;
      if (decoded.hasArray()) {
        int at = decoded.arrayOffset() + decoded.position();
        bytes = by.inflate(encoded.array(), from, length, decoded.array(), at, room);
        decoded.position(decoded.position() + Math.max(0, bytes));
      } else {
        scratch = scratch.length < room ? new byte[room] : scratch;
        bytes = by.inflate(encoded.array(), from, length, scratch, 0, room);
        decoded.put(scratch, 0, Math.max(0, bytes));
      }
      if (bytes == StreamInflater.GIVEN_UP) {
        return false;
      }
      encoded.position(encoded.limit());
      return true;
    }

    /** Says what is wrong with a stream, if anything is. */
    private static void plain(ByteBuffer encoded, ByteBuffer decoded) throws DecodeException {
      Inflater inflater = new Inflater();
      try {
        inflater.setInput(encoded);
        while (decoded.hasRemaining() && !inflater.finished()) {
          if (inflater.inflate(decoded) == 0 && !inflater.finished()) {
            throw new DecodeException("a deflate stream ends too early");
          }
        }
        // The check value may still be unread, which takes a call that yields nothing.
        if (!inflater.finished() && inflater.inflate(new byte[1]) != 0) {
          throw new DecodeException("a deflate stream holds more bytes than are due");
        }
        if (!inflater.finished()) {
          throw new DecodeException("a deflate stream ends too early");
        }
      } catch (DataFormatException e) {
        throw new DecodeException("a deflate stream is damaged: " + e.getMessage(), e);
      } finally {
        inflater.end();
      }
    }

    @Override
    public long mostDecoded(long encoded) {
      return encoded * MOST_RATIO;
    }
  }
}
