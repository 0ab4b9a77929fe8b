// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a group in memory holds: storages of groups and data sets by name, and attributes. */
final class Storage {

  private final Map<String, Object> children = new LinkedHashMap<>();
  private final MemAttrs attrs = new MemAttrs();

  MemAttrs attrs() {
    return attrs;
  }

  /** {@code Storage}s and {@code MemDataset}s. */
  Map<String, Object> children() {
    return children;
  }

  /** What is at a path. A way through a data set leads nowhere. */
  Optional<Object> find(String absolute) {
    Object at = this;
    for (String name : Paths.parts(absolute)) {
      at = at instanceof Storage storage ? storage.children.get(name) : null;
    }
    return Optional.ofNullable(at);
  }

  /** Equal content. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Storage that
        && attrs.equals(that.attrs)
        && children.equals(that.children);
  }

  @Override
  public int hashCode() {
    return children.keySet().hashCode();
  }
}
