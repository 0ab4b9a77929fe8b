// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stream;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrontierState;
import io.sparkarrays.spark.source.FollowedFile;
import io.sparkarrays.spark.source.FollowedSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The files that a stream has open, and how far they are. Used by one thread at a time. */
final class FollowedFiles implements AutoCloseable {

  /** Time between two looks for new files. */
  private static final long LISTING_NANOS = 100_000_000L;

  private final FollowedSource source;
  private final boolean endless;
  private final Map<String, FollowedFile> open = new LinkedHashMap<>();
  private long listedAt;
  private boolean listed;

  /**
   * @param endless whether a scan that is finished is followed still
   */
  FollowedFiles(FollowedSource source, boolean endless) {
    this.source = source;
    this.endless = endless;
  }

  /** The open files. */
  Iterable<FollowedFile> all() {
    return open.values();
  }

  /**
   * Checks that files are those that were followed, and opens those that are not done.
   *
   * @throws ArrayException {@code SCAN_CHANGED}, {@code PATH_NOT_FOUND}
   */
  void requireSame(StreamOffset seen) {
    seen.files()
        .forEach(
            (path, progress) -> {
              if (progress.done()) {
                // One that is done may have been moved away.
                source
                    .identity(path)
                    .ifPresent(now -> progress.requireSame(path, now, source.made(path)));
              } else {
                get(path, seen);
              }
            });
  }

  /**
   * An open file whose frames are wanted.
   *
   * @param wanted an offset that knows it
   */
  FollowedFile get(String path, StreamOffset wanted) {
    FollowedFile known = open.get(path);
    return known != null
        ? known
        : find(path, wanted)
            .orElseThrow(
                () ->
                    new ArrayException(
                        ErrorCode.PATH_NOT_FOUND,
                        path,
                        "it was followed to frame "
                            + wanted.state(path).next()
                            + ", and can't be opened any more",
                        "Put the file back, or begin anew with another checkpoint"));
  }

  /** Opens a file and looks at it once, if that can be done now. */
  private Optional<FollowedFile> find(String path, StreamOffset from) {
    FrontierState start = from.state(path);
    try {
      Optional<FollowedFile> found = source.open(path, start);
      if (found.isPresent()) {
        boolean kept = false;
        try {
          FileProgress known = from.files().get(path);
          if (known != null) {
            known.requireSame(found.get());
          }
          found.get().advance(System.nanoTime());
          open.put(path, found.get());
          kept = true;
        } finally {
          if (!kept) {
            found.get().close();
          }
        }
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Looks at all files once: those that are open, and new ones. */
  void look(StreamOffset start) {
    try {
      for (FollowedFile file : open.values()) {
        file.advance(System.nanoTime());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (Map.Entry<String, FileProgress> entry : start.files().entrySet()) {
      if (!entry.getValue().done()) {
        get(entry.getKey(), start);
      }
    }
    long now = System.nanoTime();
    if (!listed || now - listedAt >= LISTING_NANOS) {
      listed = true;
      listedAt = now;
      for (String path : source.files()) {
        if (!open.containsKey(path) && !start.files().containsKey(path)) {
          find(path, start);
        }
      }
    }
  }

  /** How far all files are, after those that were known before. */
  StreamOffset latest(StreamOffset start) {
    Map<String, FileProgress> files = new LinkedHashMap<>(start.files());
    open.forEach(
        (path, file) ->
            files.put(
                path,
                FileProgress.of(file, Optional.ofNullable(start.files().get(path)), endless)));
    return new StreamOffset(start.first(), files);
  }

  /** Closes files of which all was given. */
  void closeDone(StreamOffset given) {
    given
        .files()
        .forEach(
            (path, progress) -> {
              FollowedFile file = progress.done() ? open.remove(path) : null;
              if (file != null) {
                close(file);
              }
            });
  }

  private static void close(FollowedFile file) {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    open.values().forEach(FollowedFiles::close);
    open.clear();
  }
}
