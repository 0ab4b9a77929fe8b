// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.io.Serializable;
import java.util.List;

/**
 * What a task tells of a part that it sealed.
 *
 * @param name the file's name in the staging folder
 * @param file the file that its rows are of, by their column {@code _file}; null if they have none
 * @param rows how many frames it has
 * @param runs which they are
 * @param columns its arrays, in the order of the columns
 */
record PartReport(
    String name, String file, long rows, FrameRuns runs, List<PartReport.Array> columns)
    implements Serializable {

  /**
   * An array of a part.
   *
   * @param path where it is
   * @param type its elements
   * @param frame the shape of one frame
   */
  record Array(String path, ValueType type, Shape frame) implements Serializable {}
}
