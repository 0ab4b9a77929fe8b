// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.FileLocator;
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
  private final Path file;
  private final SourceFiles allowed;
  private final Opened opened;

  private GuardedLocator(FileLocator beside, Path file, SourceFiles allowed, Opened opened) {
    this.beside = beside;
    this.file = file;
    this.allowed = allowed;
    this.opened = opened;
  }

  /** Looks beside a file. */
  static FileLocator of(Path file, SourceFiles allowed, Opened opened) {
    return new GuardedLocator(FileLocator.beside(file), file, allowed, opened);
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
      refuseOutside(Path.of(found.get().name()));
      ByteSource bytes = opened.keep(found.get());
      kept = true;
      return Optional.of(bytes);
    } finally {
      if (!kept) {
        found.get().close();
      }
    }
  }

  private void refuseOutside(Path other) throws IOException {
    if (allowed == SourceFiles.ANY) {
      return;
    }
    // The file itself may be on another host, when a task reads its sources only.
    Path folder = Files.exists(file) ? file.toRealPath().getParent() : file.getParent();
    if (!other.toRealPath().startsWith(folder)) {
      throw new ArrayException(
          ErrorCode.SOURCE_OUTSIDE,
          file,
          "it leads to " + other + ", which is not below " + folder,
          "Read with option sources = any if you trust the file");
    }
  }
}
