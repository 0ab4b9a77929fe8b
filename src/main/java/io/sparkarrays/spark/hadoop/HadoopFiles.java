// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hadoop;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What files there are in Hadoop's file systems, and which hosts have their blocks. */
public final class HadoopFiles {

  /** Where a file system can't tell hosts it says so. */
  private static final String NO_HOST = "localhost";

  /** From so many files of a folder on, listing it is cheaper than asking for each. */
  private static final int LISTED = 16;

  private final HadoopSettings settings;

  /** Files as clients with these settings see them. */
  public HadoopFiles(HadoopSettings settings) {
    this.settings = settings;
  }

  /**
   * A file or a folder.
   *
   * @param uri its URI with the file system's own name, if that is known
   * @param isFolder whether it is a folder
   * @param size bytes of a file
   * @param modified when it was written last, in milliseconds since 1970
   */
  public record Found(String uri, boolean isFolder, long size, long modified) {
    static Found of(FileStatus status) {
      return new Found(
          status.getPath().toString(),
          status.isDirectory(),
          status.getLen(),
          status.getModificationTime());
    }
  }

  /**
   * A part of a file that is on the same hosts.
   *
   * @param from its first byte
   * @param to one past its last byte
   * @param hosts their names; none if that makes no difference
   */
  public record Block(long from, long to, List<String> hosts) {}

  /**
   * What is at a URI; empty if nothing is.
   *
   * @throws IOException if that can't be told
   */
  public Optional<Found> find(String uri) throws IOException {
    try {
      return Optional.of(Found.of(fileSystem(uri).getFileStatus(new Path(uri))));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** What is in a folder. */
  public List<Found> list(String folder) throws IOException {
    return Arrays.stream(fileSystem(folder).listStatus(new Path(folder))).map(Found::of).toList();
  }

  /**
   * The files that a glob matches, in no order.
   *
   * @param glob with stars, question marks, brackets or braces; two stars go through folders
   * @throws io.sparkarrays.core.ArrayException {@code OPTION_INVALID} if it is no glob
   */
  public List<Found> glob(String glob) throws IOException {
    return new HadoopGlob(fileSystem(glob), glob).files();
  }

  /** Which of some files are there. */
  public Set<String> present(Collection<String> uris) throws IOException {
    Map<String, List<String>> folders = new HashMap<>();
    for (String uri : uris) {
      folders.computeIfAbsent(HadoopPaths.folder(uri), folder -> new ArrayList<>()).add(uri);
    }
    Set<String> present = new HashSet<>();
    for (Map.Entry<String, List<String>> folder : folders.entrySet()) {
      List<String> wanted = folder.getValue();
      if (wanted.size() >= LISTED) {
        Set<String> names = names(folder.getKey());
        wanted.stream().filter(uri -> names.contains(HadoopPaths.name(uri))).forEach(present::add);
      } else {
        for (String uri : wanted) {
          if (find(uri).filter(found -> !found.isFolder()).isPresent()) {
            present.add(uri);
          }
        }
      }
    }
    return present;
  }

  private Set<String> names(String folder) throws IOException {
    Set<String> names = new HashSet<>();
    try {
      for (Found found : list(folder)) {
        if (!found.isFolder()) {
          names.add(HadoopPaths.name(found.uri()));
        }
      }
    } catch (FileNotFoundException e) {
      return Set.of();
    }
    return names;
  }

  /**
   * The parts of a file that are on the same hosts, in their order; nothing is asked where the file
   * system knows of no hosts.
   */
  public List<Block> blocks(String uri) throws IOException {
    Path path = new Path(uri);
    // The size is not looked at, but all of the file is asked for.
    FileStatus whole = new FileStatus(Long.MAX_VALUE, false, 1, Long.MAX_VALUE, 0, path);
    BlockLocation[] locations = fileSystem(uri).getFileBlockLocations(whole, 0, Long.MAX_VALUE);
    List<Block> blocks = new ArrayList<>();
    for (BlockLocation location : locations) {
      List<String> hosts =
          Arrays.stream(location.getHosts()).filter(host -> !host.equals(NO_HOST)).toList();
      long from = location.getOffset();
      blocks.add(new Block(from, from + location.getLength(), hosts));
    }
    return blocks;
  }

  private FileSystem fileSystem(String uri) throws IOException {
    try {
      return new Path(uri).getFileSystem(settings.configuration());
    } catch (IllegalArgumentException e) {
      // An unknown host, or a mount that there is not.
      throw new IOException(e.getMessage(), e);
    }
  }
}
