// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;

/** A file, or a folder with all that is in it. */
public final class FileTree {

  private FileTree() {}

  /**
   * Removes it; links are removed, not followed. What is not there, or is being removed by another
   * process, is no error.
   */
  public static void delete(Path root) throws IOException {
    try {
      Files.walkFileTree(root, new Removal());
    } catch (NoSuchFileException e) {
      // Another process on this host, or this one before a crash, has removed it already.
      return;
    }
  }

  /** Removes what it visits. */
  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      // Another host that shares the disk may be removing the same folder.
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }

  /**
   * Copies it to where nothing is. What links lead to is copied, so that the copy can be changed
   * alone; links that lead nowhere stay as they are.
   *
   * @throws FileSystemLoopException if links lead in a circle
   */
  public static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectory(to.resolve(from.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path copy = file.equals(from) ? to : to.resolve(from.relativize(file));
            if (attributes.isSymbolicLink()) {
              Files.copy(file, copy, LinkOption.NOFOLLOW_LINKS);
            } else {
              Files.copy(file, copy);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
