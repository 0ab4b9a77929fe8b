// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.TempFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * Room on the disk for what the library has in memory of a file when the disk is full. It could not
 * close the file without, would hold its space for as long as the process lives, and crash it at
 * its end; a file that was added to would stay marked as being written.
 */
final class DiskRoom implements Closeable {

  /** What the library has in memory of a few data sets: chunks of 1 MiB each, and metadata. */
  private static final int BYTES = 4 << 20;

  private static final int BLOCK = 1 << 16;

  private final Path path;

  /** How long the file was; what is new is emptied. */
  private final long length;

  private final boolean shrinks;

  /** Null if the file is new. */
  private final TempFile reserve;

  private DiskRoom(Path path, long length, boolean shrinks, TempFile reserve) {
    this.path = path;
    this.length = length;
    this.shrinks = shrinks;
    this.reserve = reserve;
  }

  /** Of a new file, whose own space is taken. */
  static DiskRoom ofNew(Path path) {
    return new DiskRoom(path, 0, true, null);
  }

  /**
   * Of a file that is there, for which space is reserved beside it, as far as there is some.
   *
   * @param live whether others read what is added, so that its space can't be taken
   */
  static DiskRoom reserve(Path path, boolean live) {
    TempFile reserve = null;
    long length = 0;
    try {
      length = Files.size(path);
      reserve = TempFile.create(path.toAbsolutePath().getParent(), path.getFileName() + "-reserve");
      fill(reserve.channel());
    } catch (IOException e) {
      // The folder takes no file, or the disk is full already: what there is must do.
      return new DiskRoom(path, length, !live && length > 0, reserve);
    }
    return new DiskRoom(path, length, !live, reserve);
  }

  /** Writes what no file system makes smaller. */
  private static void fill(FileChannel channel) throws IOException {
    byte[] block = new byte[BLOCK];
    new Random(1).nextBytes(block);
    for (int written = 0; written < BYTES; written += BLOCK) {
      block[written / BLOCK]++;
      ByteBuffer bytes = ByteBuffer.wrap(block);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  /**
   * Lets the library write what it has after it could not; what is new in the file is lost if the
   * reserve is not enough.
   */
  void use(Runnable flush, ArrayException reason) {
    try {
      if (reserve != null) {
        reserve.close();
        try {
          flush.run();
          return;
        } catch (ArrayException e) {
          reason.addSuppressed(e);
        }
      }
      if (shrinks) {
        try (FileChannel content = FileChannel.open(path, StandardOpenOption.WRITE)) {
          content.truncate(length);
        }
        flush.run();
      }
    } catch (IOException | ArrayException e) {
      reason.addSuppressed(e);
    }
  }

  /** Gives the reserve back. */
  @Override
  public void close() {
    if (reserve != null) {
      try {
        reserve.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
