// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The attributes of a group or data set in a file, read at each look. */
final class DiskAttrs extends AbstractMap<String, Object> {

  private final Backend backend;
  private final String path;

  DiskAttrs(Backend backend, String path) {
    this.backend = backend;
    this.path = path;
  }

  FileFormat format() {
    return backend.format();
  }

  private Map<String, Object> stored() {
    return Disk.get(backend, path, () -> backend.attributes(path));
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    Map<String, Object> stored = stored();
    return new AbstractSet<>() {
      @Override
      public Iterator<Entry<String, Object>> iterator() {
        return new Entries(stored.entrySet().iterator());
      }

      @Override
      public int size() {
        return stored.size();
      }
    };
  }

  /** Goes through what was read, and removes from the file. */
  private final class Entries implements Iterator<Entry<String, Object>> {
    private final Iterator<Entry<String, Object>> stored;
    private String last;

    Entries(Iterator<Entry<String, Object>> stored) {
      this.stored = stored;
    }

    @Override
    public boolean hasNext() {
      return stored.hasNext();
    }

    @Override
    public Entry<String, Object> next() {
      Entry<String, Object> entry = stored.next();
      last = entry.getKey();
      return entry;
    }

    @Override
    public void remove() {
      stored.remove();
      Disk.run(backend, path, () -> backend.removeAttribute(path, last));
    }
  }

  @Override
  public Object put(String name, Object value) {
    Object before = get(name);
    Map<String, Object> changed = new LinkedHashMap<>();
    changed.put(name, value);
    putAll(changed);
    return before;
  }

  @Override
  public void putAll(Map<? extends String, ?> changed) {
    if (!changed.isEmpty()) {
      Disk.run(backend, path, () -> backend.setAttributes(path, new LinkedHashMap<>(changed)));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Map<?, ?> that
        && io.sparkarrays.core.ElementEquality.equal(stored(), that);
  }

  @Override
  public int hashCode() {
    return keySet().hashCode();
  }
}
