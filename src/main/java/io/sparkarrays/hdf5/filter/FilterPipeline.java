// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.DecodeException;
import io.sparkarrays.core.ArrayException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The filters of a data set in action: takes chunks back through them, last filter first. Keeps
 * scratch and decoders, so one thread uses it at a time; decoding allocates nothing once the
 * scratch has grown.
 */
public final class FilterPipeline {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final List<FilterSpec> specs;
  private final String where;
  private final Filter.Decoder[] decoders;
  private final int[] active;

  /** The most bytes that come out of the filter of each number. */
  private final long[] room;

  /** Two scratch buffers that filters read from and write to in turn. */
  private final ByteBuffer[] scratch = {NOTHING, NOTHING};

  /**
   * @param specs the filters in a writer's order
   * @param where file and data set, for messages
   */
  public FilterPipeline(List<FilterSpec> specs, String where) {
    this.specs = specs;
    this.where = where;
    this.decoders = new Filter.Decoder[specs.size()];
    this.active = new int[specs.size()];
    this.room = new long[specs.size()];
  }

  /**
   * Decodes a chunk.
   *
   * @param stored its stored bytes, backed by an array
   * @param mask bit i is set if the writer left out filter i
   * @param target its remaining bytes are filled
   * @throws DecodeException if the chunk is damaged
   * @throws ArrayException {@code UNSUPPORTED_FILTER} if a filter that is needed is not known
   */
  public void decode(ByteBuffer stored, int mask, ByteBuffer target) throws DecodeException {
    int count = prepare(mask);
    if (count == 0) {
      if (stored.remaining() != target.remaining()) {
        throw new DecodeException(
            stored.remaining() + " bytes are stored, " + target.remaining() + " are due");
      }
      target.put(stored);
      return;
    }
    plausible(stored.remaining(), count, target.remaining());
    long bytes = target.remaining();
    for (int i = 0; i < count; i++) {
      room[i] = bytes;
      bytes = decoders[active[i]].mostEncoded(bytes);
    }
    ByteBuffer in = stored;
    for (int i = count - 1; i > 0; i--) {
      ByteBuffer out = scratch(i & 1, room[i]);
      decoders[active[i]].decode(in, out);
      in = out.flip();
    }
    decoders[active[0]].decode(in, target);
    if (target.hasRemaining()) {
      throw new DecodeException(
          "it decodes to " + target.remaining() + " bytes fewer than the " + room[0] + " due");
    }
  }

  /**
   * Checks that stored bytes can decode to so many, before memory is taken for them.
   *
   * @throws DecodeException if they can't
   */
  public void check(long stored, int mask, long decoded) throws DecodeException {
    plausible(stored, prepare(mask), decoded);
  }

  private void plausible(long stored, int count, long decoded) throws DecodeException {
    long most = stored;
    for (int i = count - 1; i >= 0; i--) {
      most = Math.max(most, decoders[active[i]].mostDecoded(most));
    }
    if (decoded > most) {
      throw new DecodeException(
          "the " + stored + " stored bytes can't hold the " + decoded + " due");
    }
  }

  /** Lists the filters that were applied, in a writer's order, and makes their decoders. */
  private int prepare(int mask) throws DecodeException {
    int count = 0;
    for (int i = 0; i < decoders.length; i++) {
      if ((mask >>> i & 1) == 0) {
        if (decoders[i] == null) {
          decoders[i] = Filters.decoder(specs.get(i), where);
        }
        active[count++] = i;
      }
    }
    return count;
  }

  private ByteBuffer scratch(int which, long bytes) throws DecodeException {
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new DecodeException("a chunk of " + bytes + " bytes is too large");
    }
    if (scratch[which].capacity() < bytes) {
      scratch[which] = ByteBuffer.allocate((int) bytes);
    }
    return scratch[which].clear().limit((int) bytes);
  }
}
