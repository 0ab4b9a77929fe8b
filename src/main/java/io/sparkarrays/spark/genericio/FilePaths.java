// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.genericio;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The files that a path stands for: a file, those of a folder, or those that a pattern matches. The
 * parts of a split data set are never among them, unless a pattern asks for them: its rank map
 * leads to them, and without one they are what a killed write has left.
 */
final class FilePaths {

  private static final Pattern PART = Pattern.compile(".*#-?[0-9]+");
  private static final Pattern GLOB = Pattern.compile(".*[*?\\[{].*");

  private FilePaths() {}

  /**
   * Lists the files, sorted by name.
   *
   * @throws ArrayException {@code PATH_NOT_FOUND} if there is none; {@code IO_FAILED}
   */
  static List<Path> of(String path) {
    Path exact = Path.of(path);
    if (Files.isDirectory(exact)) {
      return list(path, exact, FilePaths::isNoPart);
    }
    String pattern = exact.getFileName() == null ? "" : exact.getFileName().toString();
    // A name that is there counts as it stands, whatever characters are in it.
    if (!Files.exists(exact) && GLOB.matcher(pattern).matches()) {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
      return list(
          path,
          exact.getParent(),
          name -> matcher.matches(name) && (pattern.contains("#") || isNoPart(name)));
    }
    return List.of(exact);
  }

  /** Whether the path stands for anything: a pattern that nothing matches stands for nothing. */
  static boolean exist(String path) {
    try {
      return of(path).stream().allMatch(Files::exists);
    } catch (ArrayException e) {
      if (e.code() == ErrorCode.PATH_NOT_FOUND) {
        return Files.exists(Path.of(path));
      }
      throw e;
    }
  }

  private static List<Path> list(String path, Path folder, PathMatcher wanted) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (Files.isRegularFile(entry) && !entry.getFileName().toString().startsWith(".")) {
          files.add(entry);
        }
      }
    } catch (NoSuchFileException e) {
      throw missing(path);
    } catch (IOException | DirectoryIteratorException e) {
      throw new ArrayException(
          ErrorCode.IO_FAILED,
          path,
          "listing " + folder + " failed: " + e.getMessage(),
          "Check that the folder is there and may be listed",
          e);
    }
    List<Path> found =
        files.stream().filter(file -> wanted.matches(file.getFileName())).sorted().toList();
    if (found.isEmpty()) {
      throw missing(path);
    }
    return found;
  }

  private static ArrayException missing(String path) {
    return new ArrayException(ErrorCode.PATH_NOT_FOUND, path, "no file is there", "Check the path");
  }

  private static boolean isNoPart(Path name) {
    return !PART.matcher(name.toString()).matches();
  }
}
