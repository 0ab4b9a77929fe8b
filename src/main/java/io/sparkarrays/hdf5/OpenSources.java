// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ByteSource;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files of virtual sources that stay open for the next read, the last used ones. There are never
 * more than the bound, unless more than that are being read at the same moment. Threads share it.
 */
final class OpenSources implements Closeable {

  /** The files by location, the least recently used first. */
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  private final SourceKeeper keeper;
  private int bound = 1;
  private long opened;
  private boolean closed;

  /**
   * @param keeper opens them
   */
  OpenSources(SourceKeeper keeper) {
    this.keeper = keeper;
  }

  /** An open file, the data sets that were read of it, and how many threads use it now. */
  final class Entry implements Closeable {
    private final SourceKeeper.Opened file;
    private final Map<Key, Dataset> nested = new ConcurrentHashMap<>();
    private int users;
    private boolean forgotten;

    private Entry(SourceKeeper.Opened file) {
      this.file = file;
    }

    Hdf5File file() {
      return file.file();
    }

    Map<String, Dataset> datasets() {
      return file.datasets();
    }

    /** Virtual ones among them, as they were seen. */
    Map<Key, Dataset> nested() {
      return nested;
    }

    /** Ends a use. */
    @Override
    public void close() throws IOException {
      List<Entry> superfluous = new ArrayList<>();
      synchronized (OpenSources.this) {
        users--;
        if (users == 0 && forgotten) {
          superfluous.add(this);
        }
        evict(superfluous);
      }
      for (Entry one : superfluous) {
        one.file.close();
      }
    }
  }

  /** A data set as it is seen by a chain of virtual ones. */
  record Key(String path, List<String> chain) {}

  /** Uses the file at a location; empty if nothing is there. */
  Optional<Entry> use(String location, FileLocator locator, int most) throws IOException {
    synchronized (this) {
      Entry known = entries.get(location);
      if (known != null) {
        known.users++;
        return Optional.of(known);
      }
    }
    Optional<ByteSource> found = locator.openAt(location);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    SourceKeeper.Opened file = keeper.open(found.get(), locator.of(location));
    List<Entry> superfluous = new ArrayList<>();
    Entry entry;
    synchronized (this) {
      opened++;
      Entry other = entries.get(location);
      if (other != null) {
        // Another thread was faster.
        superfluous.add(new Entry(file));
        entry = other;
      } else {
        entry = new Entry(file);
        entry.forgotten = closed;
        if (!closed) {
          entries.put(location, entry);
        }
      }
      entry.users++;
      bound = most;
      evict(superfluous);
    }
    for (Entry one : superfluous) {
      one.file.close();
    }
    return Optional.of(entry);
  }

  private void evict(List<Entry> evicted) {
    int over = entries.size() - bound;
    if (over <= 0) {
      return;
    }
    Iterator<Entry> oldest = entries.values().iterator();
    while (over > 0 && oldest.hasNext()) {
      Entry entry = oldest.next();
      if (entry.users == 0) {
        oldest.remove();
        evicted.add(entry);
        over--;
      }
    }
  }

  /** How many files were opened so far. */
  synchronized long opened() {
    return opened;
  }

  /** How many files are open. */
  synchronized int size() {
    return entries.size();
  }

  /** Forgets what is open: sources may have changed. Those in use are closed after it. */
  void forget() throws IOException {
    List<Entry> unused = new ArrayList<>();
    synchronized (this) {
      for (Entry entry : entries.values()) {
        entry.forgotten = true;
        if (entry.users == 0) {
          unused.add(entry);
        }
      }
      entries.clear();
    }
    IOException failure = null;
    for (Entry entry : unused) {
      try {
        entry.file.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      closed = true;
    }
    forget();
  }
}
