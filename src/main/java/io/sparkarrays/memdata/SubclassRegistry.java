// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The classes of {@link MemDiskGroup} that files may name. Only what is registered is ever made of
 * a name in a file.
 */
public final class SubclassRegistry {

  private record Entry(
      String name, Class<?> type, Function<BaseGroup, ? extends MemDiskGroup> factory) {}

  private static final Map<String, Entry> BY_NAME = new LinkedHashMap<>();
  private static final Map<Class<?>, Entry> BY_CLASS = new LinkedHashMap<>();

  static {
    register(
        MemDiskGroup.class,
        MemDiskGroup::new,
        "caput.memdata._memh5.MemDiskGroup",
        "caput.memdata.MemDiskGroup",
        "io.sparkarrays.memdata.MemDiskGroup");
  }

  private SubclassRegistry() {}

  /**
   * Makes a class known.
   *
   * @param type the class
   * @param factory makes a group of it around the group that holds its data
   * @param name the name in files, such as the one of a Python class with the same layout
   * @param others names in files that mean it too
   */
  public static synchronized <T extends MemDiskGroup> void register(
      Class<T> type, Function<BaseGroup, T> factory, String name, String... others) {
    Entry entry = new Entry(name, type, factory);
    BY_CLASS.put(type, entry);
    BY_NAME.put(name, entry);
    for (String other : others) {
      BY_NAME.put(other, entry);
    }
  }

  static synchronized Optional<Function<BaseGroup, ? extends MemDiskGroup>> byName(String name) {
    return Optional.ofNullable(BY_NAME.get(name)).map(Entry::factory);
  }

  private static synchronized Entry entry(Class<?> type) {
    Entry entry = BY_CLASS.get(type);
    if (entry == null) {
      throw new IllegalStateException(type + " is not registered: call SubclassRegistry.register");
    }
    return entry;
  }

  static String nameOf(Class<?> type) {
    return entry(type).name();
  }

  static MemDiskGroup make(Class<?> type, BaseGroup data) {
    return entry(type).factory().apply(data);
  }
}
