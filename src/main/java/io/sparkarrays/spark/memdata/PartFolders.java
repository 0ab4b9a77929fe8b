// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.FileTree;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Group;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.Hdf5Object;
import io.sparkarrays.hdf5.format.Link;
import io.sparkarrays.hdf5.virtual.VirtualMapping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folders of parts beside an HDF5 file: one for each write that the file's virtual data sets are
 * still made of.
 */
final class PartFolders {

  private static final Logger LOG = LoggerFactory.getLogger(PartFolders.class);
  private static final String INFIX = ".parts-";
  private static final String GONE = ".gone";

  private PartFolders() {}

  /** Makes one for the next write of a file. */
  static Path create(Path file) throws IOException {
    return Files.createDirectory(file.resolveSibling(prefix(file) + UUID.randomUUID()));
  }

  private static String prefix(Path file) {
    return file.getFileName() + INFIX;
  }

  /**
   * Removes those that no virtual data set of a file names: what had the file's name before was
   * made of them. All stay if the file can't tell.
   */
  static void removeUnused(Path file) throws IOException {
    Set<String> named;
    try {
      named = named(file);
    } catch (IOException | UncheckedIOException | ArrayException e) {
      LOG.warn("All folders {}* stay, for {} can't be searched", prefix(file), file, e);
      return;
    }
    List<Path> unused = new ArrayList<>();
    try (Stream<Path> all = Files.list(file.getParent())) {
      all.filter(p -> p.getFileName().toString().startsWith(prefix(file)))
          .filter(p -> !named.contains(p.getFileName().toString()))
          .forEach(unused::add);
    }
    for (Path folder : unused) {
      remove(folder);
    }
  }

  /** Removes one, if it is there. */
  static void remove(Path folder) throws IOException {
    Path gone = folder;
    if (!folder.getFileName().toString().endsWith(GONE)) {
      // Renamed first: tasks that were told to stop may still write, and find nothing to write to.
      gone = folder.resolveSibling(folder.getFileName() + GONE);
      try {
        Files.move(folder, gone, StandardCopyOption.ATOMIC_MOVE);
      } catch (NoSuchFileException e) {
        return;
      }
    }
    FileTree.delete(gone);
  }

  /** All names of which the paths of sources consist, those of folders among them. */
  private static Set<String> named(Path path) throws IOException {
    Set<String> names = new HashSet<>();
    try (Hdf5File file = Hdf5File.open(path)) {
      Set<Long> seen = new HashSet<>(Set.of(file.root().address()));
      Deque<Group> groups = new ArrayDeque<>(List.of(file.root()));
      while (!groups.isEmpty()) {
        Group group = groups.poll();
        for (Link link : group.links()) {
          // Other kinds lead to other files, or to what a hard link leads to as well.
          if (link instanceof Link.Hard hard && seen.add(hard.address())) {
            Hdf5Object object = group.get(link.name());
            if (object instanceof Group inner) {
              groups.add(inner);
            } else if (object instanceof Dataset dataset && dataset.isVirtual()) {
              addSources(dataset, names);
            }
          }
        }
      }
    }
    return names;
  }

  private static void addSources(Dataset dataset, Set<String> names) throws IOException {
    for (VirtualMapping mapping : dataset.virtualSources()) {
      names.addAll(List.of(mapping.file().split("/")));
    }
  }
}
