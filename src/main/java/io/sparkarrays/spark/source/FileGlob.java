// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * The local files that a glob stands for: {@code /data/run*.h5}, {@code /data/2026-*}{@code /*}.
 */
public final class FileGlob {

  /** How deep {@code **} is followed. */
  private static final int DEEPEST = 64;

  private FileGlob() {}

  /**
   * Lists the regular files that match, in no order. Hidden ones, which are not finished, are left
   * out.
   *
   * @param glob an absolute path with stars, question marks, brackets or braces; without any
   *     nothing matches
   * @param wanted further asked of each
   * @throws ArrayException {@code OPTION_INVALID} if it is no glob
   */
  public static List<Path> files(String glob, Predicate<Path> wanted) throws IOException {
    Path start = Path.of(glob);
    int depth = 0;
    while (start.getParent() != null && isPattern(start.toString())) {
      start = start.getParent();
      depth++;
    }
    if (depth == 0 || !Files.isDirectory(start)) {
      return List.of();
    }
    PathMatcher matcher;
    try {
      matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (PatternSyntaxException e) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID, glob, "not a glob: " + e.getMessage(), "Mend the path", e);
    }
    try (Stream<Path> files = Files.walk(start, glob.contains("**") ? DEEPEST : depth)) {
      return files
          .filter(f -> matcher.matches(f) && !isHidden(f) && Files.isRegularFile(f))
          .filter(wanted)
          .toList();
    }
  }

  /** Whether a file's name begins with a dot. */
  public static boolean isHidden(Path file) {
    return isHidden(file.toString());
  }

  /** Whether the last part of a path or URI begins with a dot. */
  public static boolean isHidden(String path) {
    return path.startsWith(".", path.lastIndexOf('/') + 1);
  }

  private static boolean isPattern(String path) {
    return path.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
  }
}
