// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import io.sparkarrays.core.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last used blocks of a file, so that small metadata reads side by side become one read;
 * bounded in memory, shared by threads.
 */
final class BlockCache {

  private static final int BLOCK = 8192;
  private static final int MAX_BLOCKS = 128;

  /** What spans more blocks than this is read by itself: it would only push the others out. */
  private static final int SPAN = 8;

  private final ByteSource source;
  private final Map<Long, byte[]> blocks = new LinkedHashMap<>(16, 0.75f, true);
  private long size;

  BlockCache(ByteSource source) throws IOException {
    this.source = source;
    this.size = source.size();
  }

  ByteSource source() {
    return source;
  }

  /** Bytes of the file when it was last looked at. */
  synchronized long size() {
    return size;
  }

  /** Forgets everything: what is read next is what the file holds then. */
  synchronized void refresh() throws IOException {
    blocks.clear();
    size = source.size();
  }

  /** Takes notice of what a writer has appended since the file was last looked at. */
  synchronized void grow() throws IOException {
    long now = source.size();
    if (now > size) {
      blocks.remove(size / BLOCK);
      size = now;
    }
  }

  /** Bytes that the caller knows to lie inside the file. */
  byte[] read(long position, int length) throws IOException {
    byte[] bytes = new byte[length];
    if (length == 0) {
      return bytes;
    }
    long first = position / BLOCK;
    long last = (position + length - 1) / BLOCK;
    if (last - first >= SPAN) {
      source.readFully(position, ByteBuffer.wrap(bytes));
      return bytes;
    }
    for (long number = first; number <= last; number++) {
      long start = number * BLOCK;
      byte[] block = block(number);
      int from = (int) Math.max(0, position - start);
      int to = (int) Math.min(BLOCK, position + length - start);
      System.arraycopy(block, from, bytes, (int) (start + from - position), to - from);
    }
    return bytes;
  }

  private byte[] block(long number) throws IOException {
    long end;
    synchronized (this) {
      byte[] block = blocks.get(number);
      if (block != null) {
        return block;
      }
      end = size;
    }
    // Outside the lock: two threads may read the same block, which harms nobody.
    long start = number * BLOCK;
    byte[] block = new byte[(int) Math.min(BLOCK, end - start)];
    source.readFully(start, ByteBuffer.wrap(block));
    synchronized (this) {
      if (end == size) {
        blocks.put(number, block);
        if (blocks.size() > MAX_BLOCKS) {
          Iterator<byte[]> oldest = blocks.values().iterator();
          oldest.next();
          oldest.remove();
        }
      }
    }
    return block;
  }
}
