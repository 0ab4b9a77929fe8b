// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ByteSource;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.WriterStatus;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * An HDF5 file with the data sets that were looked up in it, their headers and chunk indexes. The
 * file and those that it leads to are open only while someone uses it.
 */
final class KeptFile {

  private static final long SETTLED_MILLIS = 2000;

  private final List<PausedBytes> sources = new CopyOnWriteArrayList<>();
  private final Hdf5File file;
  private final Map<String, Dataset> datasets = new HashMap<>();
  private final Map<String, Dataset> sourceDatasets = new ConcurrentHashMap<>();
  private final FileAccess access;
  private volatile boolean virtual;
  private int users;

  /** Opens a file for one user. */
  KeptFile(FileIdentity identity, FileAccess access) throws IOException {
    this.access = access;
    PausedBytes bytes = kept(identity);
    boolean opened = false;
    try {
      this.file =
          Hdf5File.open(
              bytes, GuardedLocator.of(identity.path(), access, this::keptLinked), access.reader());
      this.users = 1;
      opened = true;
    } finally {
      if (!opened) {
        bytes.close();
      }
    }
  }

  private PausedBytes kept(FileIdentity identity) throws IOException {
    PausedBytes bytes = new PausedBytes(identity, access);
    sources.add(bytes);
    return bytes;
  }

  private ByteSource keptLinked(ByteSource found) throws IOException {
    found.close();
    return kept(FileIdentity.of(found.name(), access.hadoop()));
  }

  Hdf5File file() {
    return file;
  }

  /** A data set, looked up once. */
  synchronized Dataset dataset(String path) throws IOException {
    Dataset known = datasets.get(path);
    if (known == null) {
      known = file.dataset(path);
      if (known.isVirtual()) {
        known = known.with(access.virtual());
        virtual = true;
      }
      datasets.put(path, known);
    }
    return known;
  }

  /** Data sets as sources of others, which say how these are read. */
  Map<String, Dataset> sourceDatasets() {
    return sourceDatasets;
  }

  /**
   * Takes the file for one more user, if it still is what it was.
   *
   * @return whether it is
   */
  synchronized boolean take() {
    for (PausedBytes source : sources) {
      if (!source.identity().isCurrent(access.hadoop())) {
        return false;
      }
    }
    users++;
    return true;
  }

  /** One user is done. */
  synchronized void release() throws IOException {
    if (--users == 0) {
      file.rest();
      for (PausedBytes source : sources) {
        source.pause();
      }
    }
  }

  /**
   * Whether nothing says that the file may be changing: a writer that has it open, or one that
   * wrote so lately that the next write may get the same time.
   */
  boolean isSettled() {
    long settled = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() - SETTLED_MILLIS);
    // Sources of virtual data sets that are missing now may be there later.
    return !virtual
        && sourceDatasets.values().stream().noneMatch(Dataset::isVirtual)
        && file.status() == WriterStatus.CLOSED
        && sources.stream().allMatch(s -> s.identity().modified() < settled);
  }

  /** About how much memory is kept for the file. */
  synchronized long weight() {
    long weight = 1L << 16;
    for (Dataset dataset : datasets.values()) {
      weight += dataset.knownChunks() * 16L;
    }
    for (Dataset dataset : sourceDatasets.values()) {
      weight += dataset.knownChunks() * 16L;
    }
    return weight;
  }
}
