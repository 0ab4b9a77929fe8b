// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.hdf5.Attribute;
import io.sparkarrays.hdf5.Attributes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Attributes that are text: one, or a list of them. */
final class TextAttributes {

  private TextAttributes() {}

  /** The text of an attribute that has exactly one. */
  static Optional<String> one(Attributes attributes, String name) throws IOException {
    List<String> all = list(attributes, name);
    return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
  }

  /** The texts of an attribute; none if it is no text, or not there. */
  static List<String> list(Attributes attributes, String name) throws IOException {
    Optional<Attribute> attribute = attributes.find(name);
    if (attribute.isEmpty() || attribute.get().isNull()) {
      return List.of();
    }
    return attribute.get().values().stream()
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .toList();
  }
}
