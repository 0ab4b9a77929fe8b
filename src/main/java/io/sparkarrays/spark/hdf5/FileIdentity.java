// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * A file as it was at a moment: another one under its name, or one that was changed, is another.
 *
 * @param path its path
 * @param key its inode and device, where the file system has such
 * @param size its bytes
 * @param modified when it was written last
 */
record FileIdentity(Path path, Object key, long size, FileTime modified) {

  /**
   * The identity now.
   *
   * @throws NoSuchFileException if there is no regular file; opening a pipe would wait for ever
   */
  static FileIdentity of(Path path) throws IOException {
    BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
    if (!now.isRegularFile()) {
      throw new NoSuchFileException(path.toString(), null, "not a regular file");
    }
    return new FileIdentity(path, now.fileKey(), now.size(), now.lastModifiedTime());
  }

  /** Whether the file still is what it was. */
  boolean isCurrent() {
    try {
      return equals(of(path));
    } catch (IOException e) {
      return false;
    }
  }
}
