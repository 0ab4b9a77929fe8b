// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.catalog;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.hadoop.HadoopPaths;
import io.sparkarrays.spark.options.PathOption;
import io.sparkarrays.spark.options.PathScope;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.ArrayFormat;
import io.sparkarrays.spark.source.FileContents;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a name of a {@link FileCatalog} stands for: a folder, a group of a file, or an array. */
final class FilePlace {

  /** Sorts of places. */
  enum Kind {
    FOLDER,
    GROUP,
    ARRAY,
    NOTHING
  }

  private final Kind kind;
  private final FileContents contents;
  private final String path;
  private final Optional<FileContents.Entry> entry;

  private FilePlace(
      Kind kind, FileContents contents, String path, Optional<FileContents.Entry> entry) {
    this.kind = kind;
    this.contents = contents;
    this.path = path;
    this.entry = entry;
  }

  /**
   * Goes from the root folder by folder to a file, and in it group by group.
   *
   * @param format says where its files may be
   * @param defaults options by which files are opened
   */
  static FilePlace of(
      ArrayFormat format, String root, Map<String, String> defaults, List<String> names) {
    FileContents contents = format.contents().orElseThrow();
    try {
      String at = root;
      int used = 0;
      FileContents.Kind kind = contents.kind(at);
      while (used < names.size() && kind != FileContents.Kind.FILE) {
        at = resolve(at, names.get(used++), format.paths());
        kind = contents.kind(at);
      }
      return switch (kind) {
        case FOLDER -> new FilePlace(Kind.FOLDER, contents, at, Optional.empty());
        case NOTHING -> new FilePlace(Kind.NOTHING, contents, at, Optional.empty());
        case FILE -> inFile(format, at, defaults, names.subList(used, names.size()));
      };
    } catch (InvalidPathException e) {
      return new FilePlace(Kind.NOTHING, contents, root, Optional.empty());
    } catch (IOException e) {
      throw failed(String.join(".", names), e);
    }
  }

  private static FilePlace inFile(
      ArrayFormat format, String file, Map<String, String> defaults, List<String> names)
      throws IOException {
    FileContents contents = format.contents().orElseThrow();
    Map<String, String> options = new HashMap<>(defaults);
    options.put("path", file);
    Optional<FileContents.Entry> entry =
        contents.entry(ReadOptions.of(options, format.paths()), names);
    Kind kind = entry.map(e -> e.isGroup() ? Kind.GROUP : Kind.ARRAY).orElse(Kind.NOTHING);
    return new FilePlace(kind, contents, file, entry);
  }

  /** A name in a folder; an absolute path or URI leads anywhere. */
  private static String resolve(String folder, String name, PathScope scope) {
    if (HadoopPaths.isUri(name)) {
      return PathOption.absolute(name, scope);
    }
    return HadoopPaths.isUri(folder)
        ? HadoopPaths.resolve(folder, name)
        : Path.of(folder).resolve(name).normalize().toString();
  }

  private static ArrayException failed(String where, IOException e) {
    return new ArrayException(
        ErrorCode.IO_FAILED, where, "it can't be read: " + e, "Check its permissions", e);
  }

  Kind kind() {
    return kind;
  }

  /** Names of folders, files and groups in it. */
  List<String> namespaces() {
    if (kind != Kind.FOLDER) {
      return entry.map(FileContents.Entry::groups).orElse(List.of());
    }
    try {
      return contents.list(path);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** Names of arrays in it. */
  List<String> tables() {
    return entry.map(FileContents.Entry::arrays).orElse(List.of());
  }

  /** What is known of it. */
  Map<String, String> properties() {
    return entry.map(FileContents.Entry::properties).orElse(Map.of("location", path));
  }

  /** What reads it as a table, if it is one. */
  Optional<Map<String, String>> options() {
    return entry.flatMap(FileContents.Entry::options);
  }
}
