// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.hadoop.HadoopFiles;
import io.sparkarrays.spark.hadoop.HadoopPaths;
import io.sparkarrays.spark.hadoop.HadoopSettings;
import io.sparkarrays.spark.source.FileGlob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the files that paths stand for: a file, those of a folder that are named as HDF5 files are,
 * or those that a glob matches.
 */
final class Hdf5Paths {

  /** What writers of many fields call their HDF5 files. */
  private static final Set<String> SUFFIXES =
      Set.of(
          "h5", "hdf5", "hdf", "he5", "nxs", "nx", "nx5", "nexus", "cxi", "emd", "h5ad", "loom",
          "keras", "nc", "nc4", "mat");

  private Hdf5Paths() {}

  /** As {@link #find(List, HadoopSettings)}, of local paths. */
  static List<String> find(List<String> paths) {
    return find(paths, HadoopSettings.defaults());
  }

  /** The files, those of each path sorted by name; none if nothing is there. */
  static List<String> find(List<String> paths, HadoopSettings hadoop) {
    Set<String> files = new LinkedHashSet<>();
    for (String path : paths) {
      try {
        files.addAll(HadoopPaths.isUri(path) ? remote(path, hadoop) : local(path));
      } catch (IOException | UncheckedIOException e) {
        throw new ArrayException(
            ErrorCode.IO_FAILED, path, "it can't be listed: " + e, "Check its permissions", e);
      }
    }
    return new ArrayList<>(files);
  }

  /**
   * As {@link #find(List, HadoopSettings)}.
   *
   * @throws ArrayException {@code PATH_NOT_FOUND} if a path has no file
   */
  static List<String> require(List<String> paths, HadoopSettings hadoop) {
    Set<String> files = new LinkedHashSet<>();
    for (String path : paths) {
      List<String> found = find(List.of(path), hadoop);
      if (found.isEmpty()) {
        throw new ArrayException(
            ErrorCode.PATH_NOT_FOUND,
            path,
            "there is no HDF5 file",
            "Give the path of a file, of a folder with files such as *.h5 and *.nxs, or a glob");
      }
      files.addAll(found);
    }
    return new ArrayList<>(files);
  }

  /** A path that exists is not taken for a glob, whatever characters are in it. */
  private static List<String> local(String text) throws IOException {
    Path path = Path.of(text);
    if (Files.isDirectory(path)) {
      try (Stream<Path> files = Files.list(path)) {
        return sorted(files.filter(Hdf5Paths::isNamedAsOne));
      }
    }
    return Files.exists(path) ? List.of(text) : sorted(FileGlob.files(text, file -> true).stream());
  }

  /** The same in one of Hadoop's file systems. */
  private static List<String> remote(String uri, HadoopSettings hadoop) throws IOException {
    HadoopFiles files = new HadoopFiles(hadoop);
    Optional<HadoopFiles.Found> found = files.find(uri);
    if (found.isPresent() && !found.get().isFolder()) {
      return List.of(found.get().uri());
    }
    Stream<HadoopFiles.Found> all =
        found.isPresent()
            ? files.list(uri).stream().filter(f -> !f.isFolder() && isNamedAsOne(f.uri()))
            : files.glob(uri).stream().filter(f -> !FileGlob.isHidden(f.uri()));
    return all.map(HadoopFiles.Found::uri).sorted().toList();
  }

  /** Whether a file has the name of an HDF5 file; hidden ones are not finished. */
  static boolean isNamedAsOne(String file) {
    String suffix = file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return SUFFIXES.contains(suffix) && !FileGlob.isHidden(file);
  }

  /** The same, and a local file is there. */
  static boolean isNamedAsOne(Path file) {
    return isNamedAsOne(file.toString()) && Files.isRegularFile(file);
  }

  private static List<String> sorted(Stream<Path> files) {
    return files.map(Path::toString).sorted().toList();
  }
}
