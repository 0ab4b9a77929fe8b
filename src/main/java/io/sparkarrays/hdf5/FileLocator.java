// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.FileByteSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the other files that an HDF5 file names: of external links, raw data, virtual sources. */
@FunctionalInterface
public interface FileLocator {

  /** Opens the file of a name as it is written in the HDF5 file; empty if it is not there. */
  Optional<ByteSource> open(String name) throws IOException;

  /**
   * Local files: an absolute name as it is, or by its last part in the folder of the file that
   * names it; a relative one in that folder.
   */
  static FileLocator beside(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return name -> {
      Path path;
      try {
        path = folder.resolve(name);
      } catch (InvalidPathException e) {
        return Optional.empty();
      }
      if (!Files.isRegularFile(path) && path.getFileName() != null) {
        path = folder.resolve(path.getFileName());
      }
      return Files.isRegularFile(path) ? Optional.of(FileByteSource.open(path)) : Optional.empty();
    };
  }
}
