// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FileByteSource;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds local files as HDF5 does, but never in the working directory, which differs from process to
 * process.
 */
final class LocalFiles implements FileLocator {

  private static final String ORIGIN = "${ORIGIN}";

  private final Path file;
  private final Path folder;
  private final List<String> prefixes;

  LocalFiles(Path file, List<String> prefixes) {
    this.file = file;
    this.folder = file.toAbsolutePath().getParent();
    this.prefixes = List.copyOf(prefixes);
  }

  /** The folders of a list as the environment has it. */
  static List<String> prefixes(String list) {
    return list == null
        ? List.of()
        : Arrays.stream(list.split(":")).filter(prefix -> !prefix.isEmpty()).toList();
  }

  @Override
  public Optional<ByteSource> open(String name) throws IOException {
    Path path;
    try {
      path = folder.resolve(name);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
    if (!Files.isRegularFile(path) && path.getFileName() != null) {
      path = folder.resolve(path.getFileName());
    }
    return Files.isRegularFile(path) ? Optional.of(FileByteSource.open(path)) : Optional.empty();
  }

  @Override
  public List<String> candidates(String name) {
    Set<String> found = new LinkedHashSet<>();
    try {
      Path path = Path.of(name);
      if (path.isAbsolute()) {
        found.add(name);
        path = path.getFileName();
      }
      if (path != null && !name.isEmpty()) {
        relative(path, found);
      }
    } catch (InvalidPathException e) {
      // No file has such a name.
      return List.of();
    }
    return List.copyOf(found);
  }

  private void relative(Path name, Set<String> found) {
    for (String prefix : prefixes) {
      Path in =
          prefix.startsWith(ORIGIN)
              ? Path.of(folder + prefix.substring(ORIGIN.length()))
              : Path.of(prefix).toAbsolutePath();
      found.add(in.resolve(name).toString());
    }
    found.add(folder.resolve(name).toString());
    try {
      Path real = file.toRealPath().getParent();
      if (real != null) {
        found.add(real.resolve(name).toString());
      }
    } catch (IOException e) {
      // Where the file itself really is makes no difference once it can't be told.
      return;
    }
  }

  @Override
  public Optional<ByteSource> openAt(String location) throws IOException {
    try {
      Path path = Path.of(location);
      ByteSource source = FileByteSource.open(path);
      if (Files.isDirectory(path)) {
        source.close();
        throw new ArrayException(
            ErrorCode.NOT_A_DATA_SET,
            location,
            "it is a folder, not an HDF5 file",
            "Have the virtual data set name a file");
      }
      return Optional.of(source);
    } catch (NoSuchFileException | InvalidPathException e) {
      return Optional.empty();
    } catch (FileSystemException e) {
      // Not the same as absent, and never to be hidden.
      String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
      throw new ArrayException(
          ErrorCode.IO_FAILED,
          location,
          "the file can't be opened: " + reason,
          "Check its permissions, and how many files the process may open",
          e);
    }
  }

  @Override
  public FileLocator of(String location) {
    return new LocalFiles(Path.of(location), prefixes);
  }
}
