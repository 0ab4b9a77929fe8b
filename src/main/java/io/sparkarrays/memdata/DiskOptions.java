// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a {@link MemDiskGroup} is made of a file. Immutable: each setting gives a new one.
 *
 * @param ondisk whether the data stay in the file
 * @param mode in which the file stays open
 * @param detectSubclass whether the class that the file names is used
 * @param selections what is taken along axes, by the axis's name: what {@link
 *     MemDiskGroup#makeSelections} makes selections of
 * @param read how it is read into memory, but for selections
 */
public record DiskOptions(
    boolean ondisk,
    String mode,
    boolean detectSubclass,
    Map<String, Object> selections,
    ReadOptions read) {

  /** Into memory, of the class that the file names. */
  public static final DiskOptions DEFAULT =
      new DiskOptions(false, "r", true, Map.of(), ReadOptions.DEFAULT);

  /** Leaves the data in the file, open in a mode. */
  public DiskOptions ondisk(String openMode) {
    return new DiskOptions(true, openMode, detectSubclass, selections, read);
  }

  /** Uses the class that the file names or not. */
  public DiskOptions detectSubclass(boolean detect) {
    return new DiskOptions(ondisk, mode, detect, selections, read);
  }

  /** Takes a part along an axis. */
  public DiskOptions select(String axis, Object part) {
    Map<String, Object> more = new LinkedHashMap<>(selections);
    more.put(axis, part);
    return new DiskOptions(ondisk, mode, detectSubclass, more, read);
  }

  /** Says how it is read into memory. */
  public DiskOptions read(ReadOptions how) {
    return new DiskOptions(ondisk, mode, detectSubclass, selections, how);
  }
}
