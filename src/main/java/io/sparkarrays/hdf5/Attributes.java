// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.hdf5.format.AttributeMessage;
import io.sparkarrays.hdf5.format.GlobalHeap;
import io.sparkarrays.hdf5.format.ObjectHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The attributes of an object by name, in the file's order; those that can't be read apart. */
public final class Attributes implements Iterable<Attribute> {

  private final Map<String, Attribute> byName = new LinkedHashMap<>();
  private final List<ArrayException> damaged = new ArrayList<>();

  private Attributes() {}

  static Attributes read(ObjectHeader header) throws IOException {
    Attributes attributes = new Attributes();
    GlobalHeap heap = header.globalHeap();
    AttributeMessage.forEach(
        header,
        new AttributeMessage.Visitor() {
          @Override
          public void accept(AttributeMessage message) {
            attributes.byName.put(message.name(), new Attribute(message, heap));
          }

          @Override
          public void damaged(ArrayException error) {
            attributes.damaged.add(error);
          }
        });
    return attributes;
  }

  public Set<String> names() {
    return byName.keySet();
  }

  public Optional<Attribute> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  public int size() {
    return byName.size();
  }

  @Override
  public Iterator<Attribute> iterator() {
    return byName.values().iterator();
  }

  /** The errors of attributes that are damaged; the others are here nevertheless. */
  public List<ArrayException> damaged() {
    return List.copyOf(damaged);
  }
}
