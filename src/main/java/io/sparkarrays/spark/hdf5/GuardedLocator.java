// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.FileLocator;
import io.sparkarrays.spark.hadoop.HadoopPaths;
import io.sparkarrays.spark.options.SourceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds the files that a file leads to, and refuses those that the user doesn't want: option {@code
 * sources}. Every file that is opened is handed to its owner, who may keep it.
 */
final class GuardedLocator implements FileLocator {

  /** Takes the bytes of a file that was found, and gives those to read. */
  @FunctionalInterface
  interface Opened {
    ByteSource keep(ByteSource found) throws IOException;
  }

  private final FileLocator beside;
  private final String file;
  private final SourceFiles allowed;
  private final Opened opened;

  private GuardedLocator(FileLocator beside, String file, SourceFiles allowed, Opened opened) {
    this.beside = beside;
    this.file = file;
    this.allowed = allowed;
    this.opened = opened;
  }

  /** Looks beside a file. */
  static FileLocator of(String file, FileAccess access, Opened opened) {
    return new GuardedLocator(access.beside(file), file, access.sources(), opened);
  }

  @Override
  public Optional<ByteSource> open(String name) throws IOException {
    return guarded(beside.open(name));
  }

  @Override
  public List<String> candidates(String name) {
    return beside.candidates(name);
  }

  @Override
  public Optional<ByteSource> openAt(String location) throws IOException {
    return guarded(beside.openAt(location));
  }

  /** What a source leads to must lie below the first file all the same. */
  @Override
  public FileLocator of(String location) {
    return new GuardedLocator(beside.of(location), file, allowed, opened);
  }

  private Optional<ByteSource> guarded(Optional<ByteSource> found) throws IOException {
    if (found.isEmpty()) {
      return found;
    }
    boolean kept = false;
    try {
      refuseOutside(found.get().name());
      ByteSource bytes = opened.keep(found.get());
      kept = true;
      return Optional.of(bytes);
    } finally {
      if (!kept) {
        found.get().close();
      }
    }
  }

  private void refuseOutside(String other) throws IOException {
    if (allowed == SourceFiles.ANY) {
      return;
    }
    boolean below;
    String folder;
    if (HadoopPaths.isUri(file)) {
      folder = HadoopPaths.folder(file);
      below = HadoopPaths.isBelow(other, folder);
    } else {
      Path local = Path.of(file);
      // The file itself may be on another host, when a task reads its sources only.
      Path real = Files.exists(local) ? local.toRealPath() : local;
      folder = real.getParent().toString();
      below = Path.of(other).toRealPath().startsWith(real.getParent());
    }
    if (!below) {
      throw new ArrayException(
          ErrorCode.SOURCE_OUTSIDE,
          file,
          "it leads to " + other + ", which is not below " + folder,
          "Read with option sources = any if you trust the file");
    }
  }
}
