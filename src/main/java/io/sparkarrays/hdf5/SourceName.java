// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.hdf5.virtual.VirtualMapping;
import java.nio.file.Path;

/** How a virtual data set's source is named, and the name that is stored of it. */
sealed interface SourceName {

  /** The name for a virtual data set in the file at a place. */
  String stored(Path place);

  /** A per cent sign would begin the number of a block. */
  static String escape(String name) {
    return name.replace("%", "%%");
  }

  /** A name as it is to be. */
  record Stored(String name) implements SourceName {
    @Override
    public String stored(Path place) {
      boolean same = place.resolveSibling(name).normalize().equals(place);
      return same ? VirtualMapping.SAME_FILE : escape(name);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** A name with a block's number in it. */
  record Series(String name) implements SourceName {
    @Override
    public String stored(Path place) {
      return name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** A file, named relative to the other if it is in its folder, below, or beside that. */
  record Place(Path path) implements SourceName {
    @Override
    public String stored(Path place) {
      Path absolute = path.toAbsolutePath().normalize();
      if (absolute.equals(place)) {
        return VirtualMapping.SAME_FILE;
      }
      Path folder = place.getParent();
      Path near = folder.getParent() == null ? folder : folder.getParent();
      boolean relative =
          absolute.startsWith(folder) || (near.getNameCount() > 0 && absolute.startsWith(near));
      return escape((relative ? folder.relativize(absolute) : absolute).toString());
    }

    @Override
    public String toString() {
      return path.toString();
    }
  }
}
