// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.catalog;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FileContents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
  private final Path path;
  private final Optional<FileContents.Entry> entry;

  private FilePlace(
      Kind kind, FileContents contents, Path path, Optional<FileContents.Entry> entry) {
    this.kind = kind;
    this.contents = contents;
    this.path = path;
    this.entry = entry;
  }

  /**
   * Goes from the root folder by folder to a file, and in it group by group.
   *
   * @param defaults options by which files are opened
   */
  static FilePlace of(
      FileContents contents, Path root, Map<String, String> defaults, List<String> names) {
    try {
      Path at = root;
      int used = 0;
      while (used < names.size() && (Files.isDirectory(at) || !contents.isFile(at))) {
        at = at.resolve(names.get(used++)).normalize();
      }
      if (Files.isDirectory(at)) {
        return new FilePlace(Kind.FOLDER, contents, at, Optional.empty());
      }
      if (!contents.isFile(at)) {
        return new FilePlace(Kind.NOTHING, contents, at, Optional.empty());
      }
      Map<String, String> options = new HashMap<>(defaults);
      options.put("path", at.toString());
      Optional<FileContents.Entry> entry =
          contents.entry(ReadOptions.of(options), names.subList(used, names.size()));
      Kind kind = entry.map(e -> e.isGroup() ? Kind.GROUP : Kind.ARRAY).orElse(Kind.NOTHING);
      return new FilePlace(kind, contents, at, entry);
    } catch (InvalidPathException e) {
      return new FilePlace(Kind.NOTHING, contents, root, Optional.empty());
    } catch (IOException e) {
      throw failed(String.join(".", names), e);
    }
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
    try (Stream<Path> children = Files.list(path)) {
      return children
          .filter(child -> !child.getFileName().toString().startsWith("."))
          .filter(child -> Files.isDirectory(child) || contents.isListed(child))
          .map(child -> child.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw failed(path.toString(), e);
    }
  }

  /** Names of arrays in it. */
  List<String> tables() {
    return entry.map(FileContents.Entry::arrays).orElse(List.of());
  }

  /** What is known of it. */
  Map<String, String> properties() {
    return entry.map(FileContents.Entry::properties).orElse(Map.of("location", path.toString()));
  }

  /** What reads it as a table, if it is one. */
  Optional<Map<String, String>> options() {
    return entry.flatMap(FileContents.Entry::options);
  }
}
