// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.DecodeException;
import io.sparkarrays.codec.Unshuffler;
import java.nio.ByteBuffer;

/** The bytes of all elements sorted by significance; bytes behind the last whole element stay. */
final class ShuffleFilter implements Filter {

  @Override
  public int id() {
    return 2;
  }

  @Override
  public String name() {
    return "shuffle";
  }

  @Override
  public Decoder decoder(FilterSpec spec) throws DecodeException {
    int size = spec.parameter(0);
    if (size < 1) {
      throw new DecodeException("shuffle of elements of " + size + " bytes");
    }
    return new Unshuffling(size);
  }

  private static final class Unshuffling implements Decoder {
    /** A multiple of each element's size that is unshuffled in parts. */
    private static final int PART = 1 << 13;

    private final int size;
    private final Unshuffler unshuffler;
    private byte[] scratch = {};

    Unshuffling(int size) {
      this.size = size;
      this.unshuffler = new Unshuffler(size);
    }

    @Override
    public void decode(ByteBuffer encoded, ByteBuffer decoded) throws DecodeException {
      int length = encoded.remaining();
      if (length > decoded.remaining()) {
        throw new DecodeException(length + " shuffled bytes, " + decoded.remaining() + " are due");
      }
      if (size == 1 || length < size) {
        decoded.put(encoded);
        return;
      }
      int from = encoded.arrayOffset() + encoded.position();
      if (decoded.hasArray()) {
        int at = decoded.arrayOffset() + decoded.position();
        unshuffler.bytes(encoded.array(), from, decoded.array(), at, length);
        decoded.position(decoded.position() + length);
      } else if (unshuffler.inParts()) {
        inParts(encoded.array(), from, length, decoded);
      } else {
        scratch = scratch.length < length ? new byte[length] : scratch;
        unshuffler.bytes(encoded.array(), from, scratch, 0, length);
        decoded.put(scratch, 0, length);
      }
      encoded.position(encoded.limit());
    }

    /** Through scratch that stays in the cache. */
    private void inParts(byte[] encoded, int from, int length, ByteBuffer decoded) {
      scratch = scratch.length < PART ? new byte[PART] : scratch;
      int count = length / size;
      int most = PART / size;
      for (int first = 0; first < count; first += most) {
        int wanted = Math.min(most, count - first);
        unshuffler.elements(encoded, from, count, first, wanted, scratch, 0);
        decoded.put(scratch, 0, wanted * size);
      }
      decoded.put(encoded, from + count * size, length - count * size);
    }

    @Override
    public long mostEncoded(long decoded) {
      return decoded;
    }

    @Override
    public long mostDecoded(long encoded) {
      return encoded;
    }
  }
}
