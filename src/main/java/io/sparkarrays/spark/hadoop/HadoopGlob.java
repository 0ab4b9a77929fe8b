// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hadoop;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.hadoop.HadoopFiles.Found;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * A glob of files in one of Hadoop's file systems, in Java's syntax as for local files. Hadoop's
 * own globs have no {@code **} and stumble over colons in names.
 */
final class HadoopGlob {

  private static final String ANY_DEPTH = "**";

  private final FileSystem fileSystem;
  private final String glob;

  /** The folder that all files are in or below. */
  private final Path start;

  /** The pattern from there on, folder by folder. */
  private final List<String> parts;

  /**
   * @param glob a URI with stars, question marks, brackets or braces
   */
  HadoopGlob(FileSystem fileSystem, String glob) {
    this.fileSystem = fileSystem;
    this.glob = glob;
    List<String> all = new ArrayList<>();
    Path folder = new Path(glob);
    while (folder.getParent() != null && isPattern(folder.toUri().getPath())) {
      all.add(0, folder.getName());
      folder = folder.getParent();
    }
    this.start = folder;
    this.parts = all;
  }

  private static boolean isPattern(String path) {
    return path.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
  }

  /**
   * The files that match, in no order.
   *
   * @throws ArrayException {@code OPTION_INVALID} if it is no glob
   */
  List<Found> files() throws IOException {
    boolean byFolder =
        parts.stream().noneMatch(part -> part.contains(ANY_DEPTH) || cutsBraces(part));
    return parts.isEmpty() ? List.of() : byFolder ? byFolder() : below();
  }

  /** Whether braces hold a slash. */
  private static boolean cutsBraces(String part) {
    return part.chars().filter(c -> c == '{').count() != part.chars().filter(c -> c == '}').count();
  }

  private List<Found> byFolder() throws IOException {
    List<PathMatcher> matchers = parts.stream().map(this::matcher).toList();
    List<Path> folders = List.of(start);
    for (int i = 0; i < matchers.size() - 1; i++) {
      List<Path> next = new ArrayList<>();
      for (FileStatus child : children(folders, matchers.get(i))) {
        if (child.isDirectory()) {
          next.add(child.getPath());
        }
      }
      folders = next;
    }
    return children(folders, matchers.get(matchers.size() - 1)).stream()
        .filter(FileStatus::isFile)
        .map(Found::of)
        .toList();
  }

  private List<FileStatus> children(List<Path> folders, PathMatcher matcher) throws IOException {
    List<FileStatus> found = new ArrayList<>();
    for (Path folder : folders) {
      Arrays.stream(listed(folder))
          .filter(child -> matcher.matches(java.nio.file.Path.of(child.getPath().getName())))
          .forEach(found::add);
    }
    return found;
  }

  /** What is in a folder; nothing if it is not there. */
  private FileStatus[] listed(Path folder) throws IOException {
    try {
      return fileSystem.listStatus(folder);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  private List<Found> below() throws IOException {
    PathMatcher matcher = matcher(new Path(glob).toUri().getPath());
    List<Found> found = new ArrayList<>();
    try {
      RemoteIterator<LocatedFileStatus> files = fileSystem.listFiles(start, true);
      while (files.hasNext()) {
        LocatedFileStatus file = files.next();
        if (matcher.matches(java.nio.file.Path.of(file.getPath().toUri().getPath()))) {
          found.add(Found.of(file));
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    return found;
  }

  private PathMatcher matcher(String pattern) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    } catch (PatternSyntaxException e) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID, glob, "not a glob: " + e.getMessage(), "Mend the path", e);
    }
  }
}
