// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stores;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The names of a store's files: the temporary path, an underscore, the key and a suffix. Keys are
 * taken as they stand, slashes make folders.
 */
final class StoreFiles {

  private final String prefix;
  private final String suffix;

  /**
   * @param temporaryPath what the names begin with; if relative, seen from the driver's folder
   * @param suffix what the name of a file that every key has ends with
   */
  StoreFiles(String temporaryPath, String suffix) {
    // Not by Path alone: a slash at the end matters.
    this.prefix = Path.of("").toAbsolutePath().resolve(temporaryPath + "_").toString();
    this.suffix = suffix;
  }

  /** A key as text: 499 and "499" are one. */
  static String text(Object key) {
    String text = String.valueOf(key);
    List<String> parts = Arrays.asList(text.split("/", -1));
    boolean leads =
        parts.subList(1, parts.size()).stream()
            .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    if (leads || text.indexOf('\0') >= 0) {
      throw new ArrayException(
          ErrorCode.KEY_INVALID,
          "key '" + text + "'",
          "it makes no file name",
          "Use keys without a zero, and without empty parts, . and .. behind a slash");
    }
    return text;
  }

  /** The file that each of a key's other files is named after. */
  Path of(String key) {
    return Path.of(prefix + key + suffix);
  }

  /** As {@link #of}, with another end. */
  Path of(String key, String end) {
    return Path.of(prefix + key + end);
  }

  /** All keys that have the file. */
  SortedSet<String> keys() {
    SortedSet<String> keys = new TreeSet<>();
    Deque<Path> folders = new ArrayDeque<>();
    folders.add(Path.of(prefix).getParent());
    while (!folders.isEmpty()) {
      Path folder = folders.remove();
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(f -> f.toString().startsWith(prefix)).toList()) {
          String name = file.toString();
          if (Files.isDirectory(file)) {
            folders.add(file);
          } else if (name.endsWith(suffix) && name.length() >= prefix.length() + suffix.length()) {
            keys.add(name.substring(prefix.length(), name.length() - suffix.length()));
          }
        }
      } catch (IOException e) {
        throw new ArrayException(
            ErrorCode.IO_FAILED, folder, "it can't be listed: " + e, "Check its permissions", e);
      }
    }
    return keys;
  }

  @Override
  public String toString() {
    return prefix + "…" + suffix;
  }
}
