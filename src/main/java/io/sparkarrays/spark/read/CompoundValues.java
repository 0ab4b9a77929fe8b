// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Values of named parts. A part's bytes are gathered from many elements, then decoded as if they
 * had been stored so.
 */
final class CompoundValues implements ValueDecoder {

  /** Elements are taken apart while they are in a near cache. */
  private static final int BLOCK = 1 << 15;

  /**
   * One of the parts that are wanted.
   *
   * @param offset its first byte in an element
   * @param size its bytes
   */
  record Part(int offset, int size, ValueDecoder decoder) {}

  private final int size;
  private final List<Part> parts;
  private byte[] block = {};
  private byte[] gathered = {};

  /**
   * @param size bytes of an element
   */
  CompoundValues(int size, List<Part> parts) {
    this.size = size;
    this.parts = parts;
  }

  @Override
  public void decode(ByteBuffer stored, int first, int count, VectorBuffers out)
      throws IOException {
    int most = Math.min(count, Math.max(1, BLOCK / Math.max(1, size)));
    block = block.length < most * size ? new byte[most * size] : block;
    gathered = gathered.length < block.length ? new byte[block.length] : gathered;
    for (int done = 0; done < count; done += most) {
      int now = Math.min(most, count - done);
      stored.get(block, 0, now * size);
      for (Part part : parts) {
        gather(part, now);
        ByteBuffer elements = ByteBuffer.wrap(gathered, 0, now * part.size());
        part.decoder().decode(elements, first + done, now, out);
      }
    }
  }

  private void gather(Part part, int count) {
    int width = part.size();
    int from = part.offset();
    if (width <= Long.BYTES) {
      for (int i = 0, to = 0; i < count; i++, from += size) {
        for (int at = from; at < from + width; at++) {
          gathered[to++] = block[at];
        }
      }
    } else {
      for (int i = 0, to = 0; i < count; i++, from += size, to += width) {
        System.arraycopy(block, from, gathered, to, width);
      }
    }
  }
}
