// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ByteSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds the other files that an HDF5 file names: of external links, raw data, virtual sources. */
@FunctionalInterface
public interface FileLocator {

  /**
   * Opens the file of a name as an external link or raw data has it; empty if it is not there. The
   * {@linkplain ByteSource#name() name} of what is opened is its location.
   */
  Optional<ByteSource> open(String name) throws IOException;

  /** The locations where a virtual source's file may be: the first that is there is it. */
  default List<String> candidates(String name) {
    return List.of(name);
  }

  /**
   * Opens the file at a location; empty if nothing is there.
   *
   * @throws IOException if something is there that can't be opened
   */
  default Optional<ByteSource> openAt(String location) throws IOException {
    return open(location);
  }

  /** Finds the files that the file at a location names. */
  default FileLocator of(String location) {
    return this;
  }

  /**
   * Local files: an absolute name as it is, or by its last part in the folder of the file that
   * names it; a relative one in that folder. Virtual sources are looked for in the folders of the
   * environment's {@code HDF5_VDS_PREFIX} too.
   */
  static FileLocator beside(Path file) {
    return beside(file, LocalFiles.prefixes(System.getenv("HDF5_VDS_PREFIX")));
  }

  /**
   * The same with other folders to look for virtual sources in first.
   *
   * @param prefixes folders; {@code ${ORIGIN}} at their beginning is the folder of the file
   */
  static FileLocator beside(Path file, List<String> prefixes) {
    return new LocalFiles(file, prefixes);
  }
}
