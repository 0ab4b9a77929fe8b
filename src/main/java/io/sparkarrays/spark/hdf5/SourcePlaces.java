// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;

/**
 * Where a virtual source may be.
 *
 * @param candidates its file's locations, of which the first that is there is it
 * @param dataset the data set that must be in it; empty if any file will do
 */
record SourcePlaces(ArrayList<String> candidates, String dataset) implements Serializable {

  /** Whether the source is on this host. */
  boolean isHere(FileAccess access) {
    for (String candidate : candidates) {
      if (isFile(candidate)) {
        return isIn(candidate, access);
      }
    }
    return false;
  }

  private static boolean isFile(String name) {
    try {
      return Files.isRegularFile(Path.of(name));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Whether a file has the data set. Who reads one that can't be opened is told why. */
  boolean isIn(String file, FileAccess access) {
    if (dataset.isEmpty()) {
      return true;
    }
    try (KeptFiles.Use use = KeptFiles.open(file, access)) {
      return use.file().root().find(dataset).isPresent();
    } catch (IOException | ArrayException e) {
      return true;
    }
  }
}
