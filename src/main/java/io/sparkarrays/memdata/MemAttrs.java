// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ElementEquality;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Attributes in memory: any values, kept as they are, in the order in which they were first set.
 * Those that files can hold are whole numbers, {@code Double}, {@code Boolean}, {@code String},
 * {@code byte[]}, {@link io.sparkarrays.core.Complex}, {@link io.sparkarrays.core.NdArray}, lists
 * and maps of such, dates with times, and null.
 */
public final class MemAttrs extends AbstractMap<String, Object> {

  private final Map<String, Object> values = new LinkedHashMap<>();

  @Override
  public Set<Entry<String, Object>> entrySet() {
    return values.entrySet();
  }

  @Override
  public Object put(String name, Object value) {
    return values.put(name, value);
  }

  /** A whole number. */
  public long getLong(String name) {
    return value(name, Number.class).longValue();
  }

  /** A number. */
  public double getDouble(String name) {
    return value(name, Number.class).doubleValue();
  }

  /** A truth value. */
  public boolean getBoolean(String name) {
    return value(name, Boolean.class);
  }

  /** A text. */
  public String getString(String name) {
    return value(name, String.class);
  }

  private <T> T value(String name, Class<T> wanted) {
    Object value = get(name);
    if (wanted.isInstance(value)) {
      return wanted.cast(value);
    }
    throw new IllegalArgumentException(
        "attribute '" + name + "' is " + value + ", not a " + wanted.getSimpleName());
  }

  /** Equal names and values, in whatever order. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Map<?, ?> that && ElementEquality.equal(values, that);
  }

  @Override
  public int hashCode() {
    return keySet().hashCode();
  }
}
