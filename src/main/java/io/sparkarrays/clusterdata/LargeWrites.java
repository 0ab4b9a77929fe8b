// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Collects bytes of any portions into writes of megabytes: a file of small writes is slower to read
 * for as long as it stays in the page cache. Used by one thread.
 */
final class LargeWrites {

  /** Bytes of one write, unless the whole file is smaller. */
  static final int WRITE_BYTES = 4 << 20;

  private final ByteBuffer pending;
  private final WritableByteChannel channel;

  /** Writes to a channel by way of a {@linkplain #buffer buffer} that is empty. */
  LargeWrites(WritableByteChannel channel, ByteBuffer buffer) {
    this.pending = buffer;
    this.channel = channel;
  }

  /** The buffer for a file of so many bytes. */
  static ByteBuffer buffer(long fileBytes) {
    return ByteBuffer.allocateDirect((int) Math.min(WRITE_BYTES, fileBytes));
  }

  /** Takes the remaining bytes of a buffer. */
  void put(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      boolean large = bytes.isDirect() && bytes.remaining() >= pending.capacity();
      if (large && pending.position() == 0) {
        channel.write(bytes);
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
  void flush() throws IOException {
    pending.flip();
    while (pending.hasRemaining()) {
      channel.write(pending);
    }
    pending.clear();
  }
}
