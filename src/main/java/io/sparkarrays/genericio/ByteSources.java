// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FileByteSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens files by name, so that a rank map can be followed on any file system. */
@FunctionalInterface
public interface ByteSources {

  /** Files of this host. */
  ByteSources LOCAL = ByteSources::openLocal;

  /**
   * Opens a file.
   *
   * @throws ArrayException {@code PATH_NOT_FOUND} if it is not there
   */
  ByteSource open(String file) throws IOException;

  private static ByteSource openLocal(String file) throws IOException {
    Path path = Path.of(file);
    if (!Files.exists(path)) {
      throw new ArrayException(
          ErrorCode.PATH_NOT_FOUND, file, "there is no such file", "Check the path");
    }
    // Opening a pipe would wait for its writer.
    if (!Files.isRegularFile(path)) {
      throw Faults.notGenericIO(file, "it is a folder or a special file");
    }
    return FileByteSource.open(path);
  }
}
