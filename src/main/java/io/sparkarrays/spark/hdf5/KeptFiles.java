// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files that this JVM has used last, by identity, so that tasks read the headers and the chunk
 * index of a file once for all of them. A file that is open for writing is never kept.
 */
final class KeptFiles {

  private static final int MOST_FILES = 64;
  private static final long MOST_BYTES = 128L << 20;

  private record Key(FileIdentity identity, FileAccess access) {}

  private record Kept(KeptFile file, long weight) {}

  private static final Map<Key, Kept> FILES = new LinkedHashMap<>(16, 0.75f, true);
  private static long bytes;

  private KeptFiles() {}

  /** One use of a file. */
  static final class Use implements Closeable {
    private final KeptFile kept;
    private final Key key;
    private boolean closed;

    private Use(KeptFile kept, Key key) {
      this.kept = kept;
      this.key = key;
    }

    Hdf5File file() {
      return kept.file();
    }

    Dataset dataset(String path) throws IOException {
      return kept.dataset(path);
    }

    /** Those that virtual data sets of other files are made of, by path. */
    Map<String, Dataset> sourceDatasets() {
      return kept.sourceDatasets();
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        keep(key, kept);
        kept.release();
      }
    }
  }

  /**
   * Opens a file, without reading again what is known of it.
   *
   * @throws java.nio.file.NoSuchFileException if it is not there
   */
  static Use open(String path, FileAccess access) throws IOException {
    Key key = new Key(FileIdentity.of(path, access.hadoop()), access);
    Kept known;
    synchronized (FILES) {
      known = FILES.get(key);
    }
    return known != null && known.file.take()
        ? new Use(known.file, key)
        : new Use(new KeptFile(key.identity(), access), key);
  }

  private static void keep(Key key, KeptFile file) {
    if (!file.isSettled()) {
      return;
    }
    synchronized (FILES) {
      long weight = file.weight();
      Kept before = FILES.put(key, new Kept(file, weight));
      bytes += weight - (before == null ? 0 : before.weight);
      Iterator<Kept> oldest = FILES.values().iterator();
      while (FILES.size() > MOST_FILES || (bytes > MOST_BYTES && FILES.size() > 1)) {
        bytes -= oldest.next().weight;
        oldest.remove();
      }
    }
  }
}
