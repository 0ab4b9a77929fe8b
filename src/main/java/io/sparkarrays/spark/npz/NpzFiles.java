// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.npz;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.source.FileGlob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the npz files that a path stands for: a file, all files of a folder, or a glob's. */
final class NpzFiles {

  private static final String SUFFIX = ".npz";

  private NpzFiles() {}

  /** The files, in order; none if nothing is there. A path that exists is not taken for a glob. */
  static List<RankFile> find(String text) {
    Path path = Path.of(text);
    try {
      if (Files.isDirectory(path)) {
        try (Stream<Path> files = Files.list(path)) {
          return sorted(files.filter(NpzFiles::isNpz));
        }
      }
      return Files.exists(path)
          ? List.of(RankFile.of(path))
          : sorted(FileGlob.files(text, NpzFiles::isNpz).stream());
    } catch (IOException e) {
      throw new ArrayException(
          ErrorCode.IO_FAILED, text, "it can't be listed: " + e, "Check its permissions", e);
    }
  }

  /**
   * As {@link #find}.
   *
   * @throws ArrayException {@code PATH_NOT_FOUND} if there is no file
   */
  static List<RankFile> require(String path) {
    List<RankFile> files = find(path);
    if (files.isEmpty()) {
      throw new ArrayException(
          ErrorCode.PATH_NOT_FOUND,
          path,
          "there is no npz file",
          "Give the path of a file, of a folder with files *.npz, or a glob");
    }
    return files;
  }

  /** Hidden files are not finished; names with an underscore in front are the stores' own. */
  private static boolean isNpz(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(SUFFIX) && !FileGlob.isHidden(file) && Files.isRegularFile(file);
  }

  private static List<RankFile> sorted(Stream<Path> files) {
    return files.map(RankFile::of).sorted(RankFile.ORDER).toList();
  }
}
