// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FileTree;
import io.sparkarrays.core.TempFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The right to make a file: it is written under a temporary name beside its own, and appears under
 * its own when it is whole. A marker file tells others; it is locked by the system, so that it is
 * known whether its writer lives.
 */
public final class LockFile implements Closeable {

  private static final String TMP_PREFIX = ".";
  private static final String LOCK_SUFFIX = ".lock";
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

  /**
   * Markers that this process holds. They are not opened again: POSIX drops a process's lock on a
   * file as soon as any of its descriptors of that file is closed.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  /**
   * How a lock is taken and given back.
   *
   * @param preserve whether the temporary file stays if the writer fails
   * @param breakStale whether a dead writer's lock, and what it left, are removed
   * @param patience how long to wait for another writer
   */
  public record Options(boolean preserve, boolean breakStale, Duration patience) {
    /** Nothing of a failed writer stays, nothing is broken, nobody waits. */
    public static final Options DEFAULT = new Options(false, false, Duration.ZERO);
  }

  private final Path target;
  private final Path tmp;
  private final Path marker;
  private final Options options;
  private final FileChannel channel;
  private boolean done;

  private LockFile(Path target, Options options) throws IOException {
    this.target = target.toAbsolutePath().normalize();
    this.tmp = this.target.resolveSibling(TMP_PREFIX + this.target.getFileName());
    this.marker = tmp.resolveSibling(tmp.getFileName() + LOCK_SUFFIX);
    this.options = options;
    this.channel = acquire(System.nanoTime() + options.patience().toNanos());
  }

  /**
   * Takes the lock of a file.
   *
   * @throws ArrayException {@code FILE_LOCKED} if another writer has it, {@code LOCK_STALE} if one
   *     died with it
   */
  public static LockFile open(Path target, Options options) throws IOException {
    return new LockFile(target, options);
  }

  /** As {@link #open(Path, Options)} with the default. */
  public static LockFile open(Path target) throws IOException {
    return open(target, Options.DEFAULT);
  }

  private FileChannel acquire(long deadline) throws IOException {
    while (true) {
      FileChannel mine = tryAcquire();
      if (mine != null) {
        return mine;
      }
      if (System.nanoTime() >= deadline) {
        throw new ArrayException(
            ErrorCode.FILE_LOCKED,
            target,
            "another writer has it: " + describe(),
            "Wait until it is done, or write to another file");
      }
      LockSupport.parkNanos(PAUSE);
    }
  }

  private String describe() {
    try {
      return Files.readString(marker).strip();
    } catch (IOException e) {
      return marker.toString();
    }
  }

  /** Null if another writer lives. */
  private FileChannel tryAcquire() throws IOException {
    if (!HELD.add(marker)) {
      return null;
    }
    FileChannel opened = null;
    boolean mine = false;
    try {
      opened =
          FileChannel.open(
              marker, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = opened.tryLock();
      // Its last holder may have removed it between our opening and locking it.
      if (lock == null || !isStillMarker(opened)) {
        return null;
      }
      takeOver(opened);
      mine = true;
      return opened;
    } catch (OverlappingFileLockException e) {
      // This process holds it under another class loader.
      return null;
    } finally {
      if (!mine) {
        HELD.remove(marker);
        if (opened != null) {
          opened.close();
        }
      }
    }
  }

  /**
   * Whether the file that was locked still has the marker's name. Told by its size, made peculiar
   * for a moment: opening it a second time would drop the lock.
   */
  private boolean isStillMarker(FileChannel opened) throws IOException {
    long size = opened.size();
    long peculiar = size + 1 + ThreadLocalRandom.current().nextLong(1 << 20);
    opened.write(ByteBuffer.allocate(1), peculiar - 1);
    try {
      return Files.size(marker) == peculiar;
    } catch (NoSuchFileException e) {
      return false;
    } finally {
      opened.truncate(size);
    }
  }

  private void takeOver(FileChannel opened) throws IOException {
    if (opened.size() > 0) {
      if (!options.breakStale()) {
        throw new ArrayException(
            ErrorCode.LOCK_STALE,
            target,
            "its writer died and left " + marker + ": " + describe(),
            "Look whether "
                + tmp
                + " is worth keeping, then write with the option to break stale"
                + " locks, or remove both files");
      }
      FileTree.delete(tmp);
    }
    String owner =
        "process " + ProcessHandle.current().pid() + " of " + host() + " since " + Instant.now();
    opened.truncate(0);
    opened.write(ByteBuffer.wrap((owner + "\n").getBytes(StandardCharsets.UTF_8)), 0);
    opened.force(true);
  }

  private static String host() {
    try {
      return java.net.InetAddress.getLocalHost().getHostName();
    } catch (java.net.UnknownHostException e) {
      return "an unnamed host";
    }
  }

  /** Where the content is written: a file, or a folder. */
  public Path tmpFile() {
    return tmp;
  }

  /** The marker. */
  public Path lockFile() {
    return marker;
  }

  /**
   * Gives what was written its own name, in place of what has it now.
   *
   * @throws NoSuchFileException if nothing was written
   */
  public void commit() throws IOException {
    if (Files.isDirectory(tmp)) {
      publishFolder();
    } else {
      try (FileChannel written = FileChannel.open(tmp, StandardOpenOption.READ)) {
        written.force(true);
      }
      Files.move(tmp, target, StandardCopyOption.ATOMIC_MOVE);
    }
    TempFile.sync(target.getParent());
    done = true;
  }

  /** A folder can't replace a full one in one step: the old one steps aside first. */
  private void publishFolder() throws IOException {
    Path old = tmp.resolveSibling(tmp.getFileName() + ".old");
    FileTree.delete(old);
    if (Files.exists(target)) {
      Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(tmp, target, StandardCopyOption.ATOMIC_MOVE);
    FileTree.delete(old);
  }

  /** Gives the lock back; what was not committed is removed, unless it shall be preserved. */
  @Override
  public void close() throws IOException {
    if (!channel.isOpen()) {
      return;
    }
    try {
      if (!done && !options.preserve()) {
        FileTree.delete(tmp);
      }
    } finally {
      try (channel) {
        Files.deleteIfExists(marker);
      } finally {
        HELD.remove(marker);
      }
    }
  }

  /** Writes a file. */
  @FunctionalInterface
  public interface Body {
    /** Writes to the temporary name. */
    void write(Path tmp) throws IOException;
  }

  /** Writes a file and gives it its name; if the writer fails, there is none of the name. */
  public static void run(Path target, Options options, Body body) throws IOException {
    try (LockFile lock = open(target, options)) {
      body.write(lock.tmpFile());
      lock.commit();
    }
  }
}
