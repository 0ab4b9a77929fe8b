// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.Shuffle;
import java.nio.ByteBuffer;

/** Sorts the bytes of elements by significance before another filter. */
final class ShufflingEncoder implements ChunkEncoder {

  private final int size;
  private final ChunkEncoder next;
  private byte[] sorted = {};

  ShufflingEncoder(int size, ChunkEncoder next) {
    this.size = size;
    this.next = next;
  }

  @Override
  public ByteBuffer encode(byte[] chunk, int length) {
    sorted = sorted.length < length ? new byte[length] : sorted;
    Shuffle.bytes(chunk, 0, sorted, 0, length, size);
    return next.encode(sorted, length);
  }
}
