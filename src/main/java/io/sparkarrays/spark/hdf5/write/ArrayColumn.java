// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import java.io.Serializable;

/**
 * A column of the rows that becomes an array.
 *
 * @param value what its values become
 * @param path where the array is; {@code {file}} in it stands for the file that rows are of
 * @param plan how it is stored
 */
record ArrayColumn(WrittenValue value, String path, ArrayPlan plan) implements Serializable {

  /** What stands for the name of the file that rows are of. */
  static final String FILE = "{file}";

  /** The path for rows of a file, which is told by its name without what is behind the last dot. */
  String path(String file) {
    return file == null ? path : path.replace(FILE, stem(file));
  }

  private static String stem(String file) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
