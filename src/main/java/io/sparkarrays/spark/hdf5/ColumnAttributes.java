// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.hdf5.Attribute;
import io.sparkarrays.hdf5.Hdf5Object;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The attributes of an object that are text, numbers or lists of them, as Java objects. */
final class ColumnAttributes {

  /** Longer lists are data, not a description. */
  private static final int MOST = 1000;

  /** How HDF5 itself links data sets and their scales. */
  private static final Set<String> INTERNAL =
      Set.of("DIMENSION_LIST", "REFERENCE_LIST", "DIMENSION_LABELS");

  private ColumnAttributes() {}

  /** {@code Long}, {@code Double}, {@code Boolean} and {@code String}, and lists of one of them. */
  static Map<String, Object> of(Hdf5Object object) throws IOException {
    Map<String, Object> known = new LinkedHashMap<>();
    for (Attribute attribute : object.attributes()) {
      plain(attribute).ifPresent(value -> known.put(attribute.name(), value));
    }
    return known;
  }

  private static Optional<Object> plain(Attribute attribute) throws IOException {
    if (attribute.isNull()
        || attribute.shape().size() > MOST
        || INTERNAL.contains(attribute.name())) {
      return Optional.empty();
    }
    List<Object> values;
    try {
      values = attribute.values();
    } catch (ArrayException e) {
      // One that can't be read must not keep the data from being read.
      return Optional.empty();
    }
    if (values.isEmpty() || !isPlain(values)) {
      return Optional.empty();
    }
    return Optional.of(attribute.shape().rank() == 0 ? values.get(0) : List.copyOf(values));
  }

  private static boolean isPlain(List<Object> values) {
    for (Class<?> type : List.of(String.class, Long.class, Double.class, Boolean.class)) {
      if (values.stream().allMatch(type::isInstance)) {
        return true;
      }
    }
    return false;
  }
}
