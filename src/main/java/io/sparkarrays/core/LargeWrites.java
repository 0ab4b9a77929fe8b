// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Collects bytes for anywhere in a file, as long as they follow each other, into writes of
 * megabytes: a file of small writes is slower to read for as long as it stays in the page cache.
 * Used by one thread.
 */
public final class LargeWrites {

  /** Bytes of one write, unless the whole file is smaller. */
  public static final int WRITE_BYTES = 4 << 20;

  private final FileChannel channel;
  private ByteBuffer pending;

  /** Where in the file the collected bytes go. */
  private long start;

  /** Writes to a file by way of a {@linkplain #buffer buffer} that is empty. */
  public LargeWrites(FileChannel channel, ByteBuffer buffer) {
    this.channel = channel;
    this.pending = buffer;
  }

  /** The buffer for a file of so many bytes. */
  public static ByteBuffer buffer(long fileBytes) {
    return ByteBuffer.allocateDirect((int) Math.min(WRITE_BYTES, fileBytes));
  }

  /** Takes the remaining bytes of a buffer for a position in the file. */
  public void put(long position, ByteBuffer bytes) throws IOException {
    if (position != start + pending.position()) {
      flush();
      start = position;
    }
    while (bytes.hasRemaining()) {
      boolean large = bytes.isDirect() && bytes.remaining() >= pending.capacity();
      if (large && pending.position() == 0) {
        start += channel.write(bytes, start);
        continue;
      }
      int taken = Math.min(bytes.remaining(), pending.remaining());
      pending.put(bytes.slice(bytes.position(), taken));
      bytes.position(bytes.position() + taken);
      if (!pending.hasRemaining()) {
        flush();
      }
    }
  }

  /** Writes what is collected. */
  public void flush() throws IOException {
    pending.flip();
    while (pending.hasRemaining()) {
      start += channel.write(pending, start);
    }
    pending.clear();
  }

  /** Writes what is collected and gives up the buffer: nothing can be put any more. */
  public void finish() throws IOException {
    flush();
    pending = ByteBuffer.allocate(0);
  }
}
