// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a write job has left beside a data set on one host: it is running, or was interrupted.
 *
 * @param job the job
 * @param decided whether the host has begun to publish
 * @param record the job's record, or null if the host has none
 */
public record Leftover(String job, boolean decided, CommitRecord record) implements Serializable {

  /** The jobs that have something beside the data set at a path on this host, by name. */
  public static List<Leftover> beside(Path path) throws IOException {
    Path base = Folders.real(path);
    Path parent = base.getParent();
    // To read a data set, the folder above it need not be listed; a write insists, in stage().
    if (parent == null || !Files.isDirectory(parent) || !Files.isReadable(parent)) {
      return List.of();
    }
    Pattern pattern =
        Pattern.compile(
            Pattern.quote("." + base.getFileName() + ".")
                + "([0-9A-Za-z-]+)\\.(staging|old|commit|tmp|gone)");
    TreeMap<String, Leftover> found = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
      for (Path entry : entries) {
        Matcher matcher = pattern.matcher(entry.getFileName().toString());
        if (matcher.matches() && !found.containsKey(matcher.group(1))) {
          Staging staging = Staging.of(base, matcher.group(1));
          found.put(
              matcher.group(1),
              new Leftover(matcher.group(1), staging.isDecided(), staging.record().orElse(null)));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return List.copyOf(found.values());
  }
}
