// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ByteSource;
import io.sparkarrays.hdf5.FileLocator;
import io.sparkarrays.spark.hadoop.HadoopByteSource;
import io.sparkarrays.spark.hadoop.HadoopSettings;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/**
 * Finds the files that one of Hadoop's file systems has beside an HDF5 file: an absolute name as a
 * path of the same file system, or by its last part in the folder of the file that names it; a
 * relative one in that folder. A name never leads to another file system.
 */
final class HadoopLocator implements FileLocator {

  private static final String SEPARATOR = Path.SEPARATOR;

  private final URI folder;
  private final HadoopSettings settings;

  private HadoopLocator(URI folder, HadoopSettings settings) {
    this.folder = folder;
    this.settings = settings;
  }

  /** Looks beside the file of a URI. */
  static FileLocator beside(String uri, HadoopSettings settings) {
    Path path = new Path(uri);
    Path parent = path.getParent();
    return new HadoopLocator((parent == null ? path : parent).toUri(), settings);
  }

  /** As local files are found: a relative name's last part will do too. */
  @Override
  public Optional<ByteSource> open(String name) throws IOException {
    Set<String> locations = new LinkedHashSet<>(candidates(name));
    locations.addAll(candidates(last(name)));
    for (String location : locations) {
      Optional<ByteSource> found = openAt(location);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  @Override
  public List<String> candidates(String name) {
    String last = last(name);
    if (last.isEmpty()) {
      return List.of();
    }
    Set<String> found = new LinkedHashSet<>();
    if (name.startsWith(SEPARATOR)) {
      found.add(location(name));
      found.add(location(folder.getPath() + SEPARATOR + last));
    } else {
      found.add(location(folder.getPath() + SEPARATOR + name));
    }
    return List.copyOf(found);
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf(SEPARATOR) + 1);
  }

  private String location(String path) {
    return new Path(folder.getScheme(), folder.getAuthority(), path).toString();
  }

  @Override
  public Optional<ByteSource> openAt(String location) throws IOException {
    return HadoopByteSource.open(location, settings).map(ByteSource.class::cast);
  }

  @Override
  public FileLocator of(String location) {
    return beside(location, settings);
  }
}
