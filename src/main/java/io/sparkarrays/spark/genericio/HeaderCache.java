// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.genericio;

import io.sparkarrays.genericio.GenericIOFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The headers of the files that tasks of this executor read last: a file of many ranks is opened
 * once for each of them, and its header grows with their number.
 */
final class HeaderCache {

  private static final int FILES = 16;

  /** A file as it was: another one under its name, or one that was changed, is another. */
  private record Identity(Path path, Object key, long size, FileTime modified) {}

  private static final Map<Identity, GenericIOFile> HEADERS =
      new LinkedHashMap<>(FILES, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Identity, GenericIOFile> eldest) {
          return size() > FILES;
        }
      };

  private HeaderCache() {}

  /**
   * Opens a file, without reading its header again if that is known.
   *
   * @throws java.nio.file.NoSuchFileException if it is not there
   */
  static GenericIOFile open(Path path) throws IOException {
    BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
    Identity identity = new Identity(path, now.fileKey(), now.size(), now.lastModifiedTime());
    synchronized (HEADERS) {
      GenericIOFile known = HEADERS.get(identity);
      if (known != null) {
        return known.reopen();
      }
    }
    GenericIOFile file = GenericIOFile.open(path);
    synchronized (HEADERS) {
      HEADERS.put(identity, file.reopen());
    }
    return file;
  }
}
