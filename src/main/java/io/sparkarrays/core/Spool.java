// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Bytes that are collected until it is known how many there are: some megabytes in memory, more in
 * a hidden file that goes away with the spool. Used by one thread.
 */
public final class Spool implements Closeable {

  private static final int FIRST = 1 << 12;
  private static final int MOST_IN_MEMORY = 4 << 20;

  /** Takes a spool's bytes in their order. */
  @FunctionalInterface
  public interface Consumer {
    /** Takes all remaining bytes of a buffer. */
    void accept(ByteBuffer bytes) throws IOException;
  }

  private final Path folder;
  private ByteBuffer memory = ByteBuffer.allocate(FIRST);
  private FileChannel file;
  private long filed;

  /** An empty spool, whose file, should there be one, is in a folder. */
  public Spool(Path folder) {
    this.folder = folder;
  }

  /** Appends all remaining bytes of a buffer. */
  public void put(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (!memory.hasRemaining()) {
        makeRoom();
      }
      int length = Math.min(bytes.remaining(), memory.remaining());
      memory.put(memory.position(), bytes, bytes.position(), length);
      memory.position(memory.position() + length);
      bytes.position(bytes.position() + length);
    }
  }

  private void makeRoom() throws IOException {
    if (memory.capacity() < MOST_IN_MEMORY) {
      memory = ByteBuffer.allocate(4 * memory.capacity()).put(memory.flip());
      return;
    }
    if (file == null) {
      file =
          FileChannel.open(
              folder.resolve(TempFile.PREFIX + "spool-" + UUID.randomUUID()),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    }
    memory.flip();
    while (memory.hasRemaining()) {
      filed += file.write(memory, filed);
    }
    memory.clear();
  }

  /** How many bytes there are. */
  public long size() {
    return filed + memory.position();
  }

  /** Gives all bytes, in pieces. */
  public void forEach(Consumer consumer) throws IOException {
    if (filed > 0) {
      ByteBuffer piece = ByteBuffer.allocateDirect(1 << 20);
      for (long at = 0; at < filed; at += piece.limit()) {
        piece.clear().limit((int) Math.min(piece.capacity(), filed - at));
        while (piece.hasRemaining()) {
          if (file.read(piece, at + piece.position()) < 0) {
            throw new IOException("a file in " + folder + " was cut short while it was used");
          }
        }
        consumer.accept(piece.flip());
      }
    }
    consumer.accept(memory.duplicate().flip());
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
