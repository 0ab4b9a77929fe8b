// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for one try of a property, which has no {@code @TempDir}; removed when closed. */
public final class TempFolder implements AutoCloseable {

  private final Path path;

  private TempFolder(Path path) {
    this.path = path;
  }

  /** A new, empty folder. */
  public static TempFolder create() throws IOException {
    return new TempFolder(Files.createTempDirectory("spark-arrays-test"));
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** The names of all that is in a folder, hidden ones too, sorted. */
  public static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      for (Path entry : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(entry);
      }
    }
  }
}
