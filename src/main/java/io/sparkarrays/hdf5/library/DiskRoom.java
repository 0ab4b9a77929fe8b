// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.TempFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Room on the disk for what the library has in memory of a file when the disk is full. It could not
 * close the file without, would hold its space for as long as the process lives, and crash it at
 * its end; a file that was added to would stay marked as being written.
 *
 * <p>A new file that was never flushed can be emptied. Of any other nothing is cut away, be it old
 * or flushed: space is reserved beside it before the library is given what it may keep in memory.
 */
final class DiskRoom implements Closeable {

  private static final int MIB = 1 << 20;

  /** More would cost more than it helps: few write as much between two flushes. */
  private static final int MOST_DATASETS = 16;

  private static final int BLOCK = 1 << 16;

  private final Path path;

  /** Whether nobody has anything of the file yet. */
  private boolean isNew;

  /** A file without a name; null as long as nothing is reserved. */
  private FileChannel reserve;

  private DiskRoom(Path path, boolean isNew) {
    this.path = path;
    this.isNew = isNew;
  }

  /** Of a new file, whose own space is taken until it is flushed. */
  static DiskRoom ofNew(Path path) {
    return new DiskRoom(path, true);
  }

  /** Of a file that is there. */
  static DiskRoom ofOld(Path path) {
    return new DiskRoom(path, false);
  }

  /** Says that others may have what the file holds, which must stay. */
  void keep() {
    isNew = false;
  }

  /**
   * Has enough reserved before the file is changed.
   *
   * @param datasets how many are written; of each the library has chunks of 1 MiB in memory
   * @throws ArrayException {@code IO_FAILED} if the disk has not as much
   */
  void require(int datasets) {
    if (!isNew) {
      // Besides chunks there is metadata: little if only that is changed.
      grow((datasets == 0 ? 1 : 3 + Math.min(datasets, MOST_DATASETS)) * MIB);
    }
  }

  private void grow(int size) {
    if (reserve == null) {
      try {
        reserve = create();
      } catch (IOException e) {
        // The folder takes no file: what there is must do.
        return;
      }
    }
    try {
      long had = reserve.position();
      try {
        fill(reserve, size);
      } catch (IOException e) {
        reserve.truncate(had);
        throw e;
      }
    } catch (IOException e) {
      throw new ArrayException(
          ErrorCode.IO_FAILED,
          path,
          size / MIB + " MiB beside the file, to close it whatever happens: " + e.getMessage(),
          "Free space on its disk",
          e);
    }
  }

  /** Makes a file that goes with the process, in whatever way that ends. */
  private FileChannel create() throws IOException {
    return FileChannel.open(
        path.toRealPath().resolveSibling(TempFile.PREFIX + "reserve-" + UUID.randomUUID()),
        StandardOpenOption.CREATE_NEW,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }

  /** Writes what no file system makes smaller. */
  private static void fill(FileChannel channel, int size) throws IOException {
    if (channel.position() >= size) {
      return;
    }
    byte[] block = new byte[BLOCK];
    ThreadLocalRandom.current().nextBytes(block);
    while (channel.position() < size) {
      block[(int) (channel.position() / BLOCK)]++;
      ByteBuffer bytes = ByteBuffer.wrap(block);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  /**
   * Lets the library write what it has after it could not. A new file is emptied for that, if it
   * was for want of space.
   */
  void use(Runnable flush, ArrayException reason) {
    try {
      if (isNew) {
        if (!LibraryErrors.isDiskFull(reason)) {
          return;
        }
        try (FileChannel content = FileChannel.open(path, StandardOpenOption.WRITE)) {
          content.truncate(0);
        }
      } else {
        close();
      }
      flush.run();
    } catch (IOException | UncheckedIOException | ArrayException e) {
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
        throw new UncheckedIOException(e);
      }
      reserve = null;
    }
  }
}
