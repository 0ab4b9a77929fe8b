// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A local file by positional reads; into a direct buffer the bytes are copied once, by the kernel.
 */
public final class FileByteSource implements ByteSource {

  /** Longest read into memory of the heap: the JDK keeps a direct buffer of that size a thread. */
  private static final int HEAP_READ = 1 << 20;

  private final Path path;
  private final FileChannel channel;

  private FileByteSource(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Opens a file for reading; takes no lock. */
  public static FileByteSource open(Path path) throws IOException {
    return new FileByteSource(path, FileChannel.open(path, StandardOpenOption.READ));
  }

  @Override
  public Optional<Path> localPath() {
    return Optional.of(path);
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public void readFully(long position, ByteBuffer destination) throws IOException {
    long at = position;
    while (destination.hasRemaining()) {
      int read = destination.isDirect() ? channel.read(destination, at) : piece(destination, at);
      if (read < 0) {
        throw new ArrayException(
            ErrorCode.FILE_TRUNCATED,
            path,
            "the file ends at byte " + at + ", " + destination.remaining() + " bytes too early",
            "Check that nothing rewrites or truncates the file while it is read");
      }
      at += read;
    }
  }

  private int piece(ByteBuffer destination, long at) throws IOException {
    int limit = destination.limit();
    destination.limit(destination.position() + Math.min(HEAP_READ, destination.remaining()));
    try {
      return channel.read(destination, at);
    } finally {
      destination.limit(limit);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
