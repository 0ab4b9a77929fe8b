// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.spark.hadoop.HadoopFiles;
import io.sparkarrays.spark.hadoop.HadoopPaths;
import io.sparkarrays.spark.hadoop.HadoopSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * A file as it was at a moment: another one under its name, or one that was changed, is another.
 *
 * @param path its path or URI
 * @param key its inode and device, where the file system has such
 * @param size its bytes
 * @param modified when it was written last, in nanoseconds since 1970 or what of them is known
 */
record FileIdentity(String path, Object key, long size, long modified) {

  /**
   * The identity now.
   *
   * @throws NoSuchFileException if there is no regular file; opening a pipe would wait for ever
   */
  static FileIdentity of(String path, HadoopSettings hadoop) throws IOException {
    if (HadoopPaths.isUri(path)) {
      HadoopFiles.Found found =
          new HadoopFiles(hadoop)
              .find(path)
              .filter(file -> !file.isFolder())
              .orElseThrow(() -> new NoSuchFileException(path));
      long modified = TimeUnit.MILLISECONDS.toNanos(found.modified());
      return new FileIdentity(path, null, found.size(), modified);
    }
    BasicFileAttributes now = Files.readAttributes(Path.of(path), BasicFileAttributes.class);
    if (!now.isRegularFile()) {
      throw new NoSuchFileException(path, null, "not a regular file");
    }
    long modified = now.lastModifiedTime().to(TimeUnit.NANOSECONDS);
    return new FileIdentity(path, now.fileKey(), now.size(), modified);
  }

  /** Whether the file still is what it was. */
  boolean isCurrent(HadoopSettings hadoop) {
    try {
      return equals(of(path, hadoop));
    } catch (IOException e) {
      return false;
    }
  }
}
