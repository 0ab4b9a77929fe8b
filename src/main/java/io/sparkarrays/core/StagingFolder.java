// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A hidden folder beside a file or folder to be written, where all of it is made before any of it
 * appears. What a dead writer left of such is removed by the next one for the same target, and so
 * are the temps of dead writers in the target's folder.
 */
public final class StagingFolder implements Closeable {

  private static final String PREFIX = ".staging-";
  private static final String OWNER = "owner";

  private final Path path;

  /** Locked as long as this process lives and the folder is not closed. */
  private final TempFile owner;

  private StagingFolder(Path path, TempFile owner) {
    this.path = path;
    this.owner = owner;
  }

  /** Makes one, and the folders above it. */
  public static StagingFolder create(Path target) throws IOException {
    Path parent = target.toAbsolutePath().getParent();
    String prefix = PREFIX + target.getFileName() + "-";
    Files.createDirectories(parent);
    TempFile.removeStale(parent);
    removeStale(parent, prefix);
    Path path = Files.createDirectory(parent.resolve(prefix + UUID.randomUUID()));
    TempFile owner = null;
    try {
      owner = TempFile.create(path, OWNER);
      return new StagingFolder(path, owner);
    } finally {
      if (owner == null) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static void removeStale(Path parent, String prefix) throws IOException {
    int length = prefix.length() + UUID.randomUUID().toString().length();
    List<Path> found = new ArrayList<>();
    // Not a glob: the name may hold characters that mean something in one.
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(
            parent,
            folder -> {
              String name = folder.getFileName().toString();
              return name.startsWith(prefix) && name.length() == length;
            })) {
      folders.forEach(found::add);
    }
    for (Path folder : found) {
      TempFile.removeStale(folder);
      if (!isOwned(folder)) {
        FileTree.delete(folder);
      }
    }
  }

  private static boolean isOwned(Path folder) throws IOException {
    try (DirectoryStream<Path> owners =
        Files.newDirectoryStream(folder, TempFile.PREFIX + OWNER + "-*")) {
      return owners.iterator().hasNext();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Removes it with what is still in it. */
  @Override
  public void close() throws IOException {
    owner.close();
    FileTree.delete(path);
  }
}
