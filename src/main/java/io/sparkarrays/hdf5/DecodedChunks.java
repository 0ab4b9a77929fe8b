// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The chunks that one reader has decoded last, for slabs that take them part by part. */
final class DecodedChunks {

  private final Map<Long, ByteBuffer> chunks = new LinkedHashMap<>(16, 0.75f, true);
  private int most = 1;
  private ByteBuffer spare;

  /** Keeps so many, one at least. */
  void keep(int count) {
    most = Math.max(1, count);
    while (chunks.size() > most) {
      removeEldest();
    }
  }

  /** A chunk by its number, or null. */
  ByteBuffer find(long number) {
    return chunks.get(number);
  }

  /** Memory for a chunk to be decoded, of one that is given up if there are too many. */
  ByteBuffer room(int bytes) {
    if (spare == null && chunks.size() >= most) {
      spare = removeEldest();
    }
    if (spare == null || spare.capacity() < bytes) {
      spare = ByteBuffer.allocate(bytes);
    }
    return spare.clear();
  }

  private ByteBuffer removeEldest() {
    Iterator<ByteBuffer> eldest = chunks.values().iterator();
    ByteBuffer removed = eldest.next();
    eldest.remove();
    return removed;
  }

  /** Keeps the chunk that was decoded into the {@link #room}. */
  void put(long number) {
    chunks.put(number, spare);
    spare = null;
  }
}
