// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets one job at a time change what a result is made of, in all processes that see its folder. The
 * kernel drops it when a process dies.
 */
final class CommitLock implements Closeable {

  /** The file in the folder of parts. */
  static final String NAME = ".lock";

  private static final Duration RETRY = Duration.ofMillis(20);

  /** Those of this process, which a file's lock does not keep from itself. */
  private static final Set<Path> HELD = new HashSet<>();

  private final Path folder;
  private final FileChannel channel;

  private CommitLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /** What is done while it is held. */
  @FunctionalInterface
  interface Action {
    /** Does it. */
    void run() throws IOException;
  }

  /**
   * Does something while no other job does so; waits for them.
   *
   * @param parts the folder, which is made
   * @throws ArrayException {@code COMMIT_FAILED} if the others don't end
   */
  static void during(Path parts, Duration timeout, Action action) throws IOException {
    CommitLock lock = take(parts, timeout);
    try {
      action.run();
    } finally {
      lock.close();
    }
  }

  /**
   * Waits for it.
   *
   * @param parts the folder, which is made
   * @throws ArrayException {@code COMMIT_FAILED} if it does not come
   */
  private static CommitLock take(Path parts, Duration timeout) throws IOException {
    Path folder = parts.toAbsolutePath().normalize();
    long end = System.nanoTime() + timeout.toNanos();
    while (true) {
      boolean ours;
      synchronized (HELD) {
        ours = HELD.add(folder);
      }
      if (ours) {
        CommitLock lock = null;
        try {
          lock = open(folder);
          if (lock != null) {
            return lock;
          }
        } finally {
          if (lock == null) {
            release(folder);
          }
        }
      }
      if (System.nanoTime() > end) {
        throw new ArrayException(
            ErrorCode.COMMIT_FAILED,
            folder,
            "another job has been changing this result for " + timeout.toSeconds() + " s",
            "Let one job at a time write a result, or raise option hostsTimeout");
      }
      LockSupport.parkNanos(RETRY.toNanos());
    }
  }

  /** Null if another process has it, or has just removed the folder. */
  private static CommitLock open(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(NAME);
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (java.nio.file.NoSuchFileException e) {
      return null;
    }
    boolean locked = false;
    try {
      locked = tryLock(channel) && Files.exists(file);
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    return locked ? new CommitLock(folder, channel) : null;
  }

  /** A file system without locks counts as locked. */
  private static boolean tryLock(FileChannel channel) {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (IOException e) {
      return true;
    }
  }

  private static void release(Path folder) {
    synchronized (HELD) {
      HELD.remove(folder);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      release(folder);
    }
  }
}
