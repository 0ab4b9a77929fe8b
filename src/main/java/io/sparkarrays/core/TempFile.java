// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that is written under a hidden name and appears under its own in one step, whole and
 * durable. Its mode is what the process's umask gives any new file.
 *
 * <p>The writer holds a lock on it, which the kernel drops when the process dies in whatever way.
 * So {@link #removeStale} tells what a dead writer left from what a live one is writing.
 */
public final class TempFile implements Closeable {

  /** How hidden names begin; readers pass them over. */
  public static final String PREFIX = ".tmp-";

  private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

  /** Where a file system has no locks, a temp untouched for so long is taken for abandoned. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  /**
   * Names that this process is writing. They are never opened a second time: POSIX drops a
   * process's lock on a file as soon as any of its descriptors of that file is closed.
   */
  private static final Set<String> LIVE = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;
  private boolean published;

  private TempFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Begins a file in the folder where it will be published under {@code name}. */
  public static TempFile create(Path folder, String name) throws IOException {
    while (true) {
      Path path = folder.resolve(PREFIX + name + "-" + UUID.randomUUID());
      LIVE.add(path.getFileName().toString());
      TempFile file = null;
      try {
        file =
            new TempFile(
                path,
                FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        if (file.lock()) {
          return file;
        }
      } finally {
        if (file == null) {
          LIVE.remove(path.getFileName().toString());
        }
      }
      // Another process came between making the file and locking it, and will remove it.
      file.close();
    }
  }

  /** False if another process holds the lock. A file system without locks counts as locked. */
  private boolean lock() {
    try {
      return channel.tryLock() != null;
    } catch (IOException e) {
      return true;
    }
  }

  /** Where the content is written. */
  public FileChannel channel() {
    return channel;
  }

  /** The hidden name. */
  public Path path() {
    return path;
  }

  /**
   * Makes the content durable and gives it its own name. The name itself is durable only after
   * {@link #sync}.
   *
   * @param replace whether a file of that name is replaced; it stays whole until it is
   * @throws FileAlreadyExistsException if there is one and it may not be replaced
   */
  public void publish(Path target, boolean replace) throws IOException {
    channel.force(true);
    if (replace) {
      Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
    } else {
      link(target);
    }
    published = true;
  }

  /** A rename would silently replace what appeared meanwhile; a link does not. */
  private void link(Path target) throws IOException {
    try {
      Files.createLink(target, path);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      // Some file systems have no hard links; there the check and the rename are two steps.
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    try {
      Files.delete(path);
    } catch (IOException e) {
      // The file has its own name now; the hidden one is removed as stale some time later.
      return;
    }
  }

  /** Makes durable which names a folder has. Windows has no such call. */
  public static void sync(Path folder) throws IOException {
    if (!WINDOWS) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Discards the file unless it was published. */
  @Override
  public void close() throws IOException {
    try {
      if (!published) {
        Files.deleteIfExists(path);
      }
    } finally {
      try {
        channel.close();
      } finally {
        LIVE.remove(path.getFileName().toString());
      }
    }
  }

  /** Removes the temps of writers that died; returns how many. A missing folder has none. */
  public static int removeStale(Path folder) throws IOException {
    int removed = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*")) {
      for (Path file : files) {
        boolean stale =
            !LIVE.contains(file.getFileName().toString())
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && isAbandoned(file);
        if (stale && Files.deleteIfExists(file)) {
          removed++;
        }
      }
    } catch (NoSuchFileException e) {
      return removed;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return removed;
  }

  private static boolean isAbandoned(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      try (FileLock lock = channel.tryLock()) {
        return lock != null;
      }
    } catch (NoSuchFileException | OverlappingFileLockException e) {
      // Published or removed meanwhile, or written by this process under another class loader.
      return false;
    } catch (IOException e) {
      Instant touched = Files.getLastModifiedTime(file).toInstant();
      return touched.isBefore(Instant.now().minus(ABANDONED));
    }
  }
}
