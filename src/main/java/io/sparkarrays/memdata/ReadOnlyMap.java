// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ElementEquality;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A map that its users can't change, in the order of the one that it was made of: a snapshot of its
 * keys, whose values are shared.
 */
public final class ReadOnlyMap<K, V> extends AbstractMap<K, V> {

  private final Map<K, V> values;

  /** An empty one. */
  public ReadOnlyMap() {
    this(Map.of());
  }

  /** A snapshot. */
  public ReadOnlyMap(Map<? extends K, ? extends V> source) {
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(source));
  }

  /** A snapshot of pairs; the last of a key counts. */
  @SafeVarargs
  public static <K, V> ReadOnlyMap<K, V> ofEntries(Entry<? extends K, ? extends V>... pairs) {
    Map<K, V> map = new LinkedHashMap<>();
    for (Entry<? extends K, ? extends V> pair : pairs) {
      map.put(pair.getKey(), pair.getValue());
    }
    return new ReadOnlyMap<>(map);
  }

  /**
   * The value of a key, which must be there.
   *
   * @throws java.util.NoSuchElementException if it is not
   */
  public V require(K key) {
    if (!values.containsKey(key)) {
      throw new java.util.NoSuchElementException(String.valueOf(key));
    }
    return values.get(key);
  }

  @Override
  public Set<Entry<K, V>> entrySet() {
    return values.entrySet();
  }

  @Override
  public boolean containsKey(Object key) {
    return values.containsKey(key);
  }

  @Override
  public V get(Object key) {
    return values.get(key);
  }

  /** Equal only to another one of equal content. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ReadOnlyMap<?, ?> that && ElementEquality.equal(values, that.values);
  }

  @Override
  public int hashCode() {
    return values.keySet().hashCode();
  }
}
