// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A file that belongs to a data set, and the hosts that have something under its name, right or
 * wrong.
 *
 * @param name its name in the data set's folder, with {@code /} between parts
 * @param title what it is, for people: {@code partition 3 (frames 100:200)}
 * @param bytes the size that it must have, or {@link #ANY_SIZE}
 * @param copies the size on each host that has it, or {@link #NOT_A_FILE}
 */
public record StoredFile(String name, String title, long bytes, SortedMap<String, Long> copies) {

  /** The size of a file whose content alone decides. */
  public static final long ANY_SIZE = -1;

  /** The size of what has the name, but is a folder, a pipe or a broken link. */
  public static final long NOT_A_FILE = -1;

  /** Copies the map. */
  public StoredFile {
    copies = Collections.unmodifiableSortedMap(new TreeMap<>(copies));
  }

  /** Whether a host's copy has the size that it must have. */
  public boolean hasItsSize(String host) {
    long size = copies.get(host);
    return size != NOT_A_FILE && (bytes == ANY_SIZE || size == bytes);
  }
}
