// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.memdata.BaseDataset;
import io.sparkarrays.memdata.DiskGroup;
import io.sparkarrays.memdata.FileFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import org.apache.spark.sql.Row;

/**
 * A data set of a file that is made, and what fills it.
 *
 * @param path in the file
 * @param source has the elements
 * @param type what an element is in the file: texts are bytes there
 */
record DistributedWrite(String path, MemDatasetDistributed source, ValueType type) {

  /** Elements as the file has them. */
  static NdArray converted(NdArray elements, ValueType type) {
    try {
      return elements.type().equals(type) ? elements : elements.as(type);
    } catch (IllegalArgumentException e) {
      throw new ArrayException(
          ErrorCode.TEXT_UNSUPPORTED,
          "a block of " + elements.type(),
          String.valueOf(e.getMessage()),
          "Write it as text of any length, or in ASCII",
          e);
    }
  }

  /** Writes the blocks here, one after another, as they come from the cluster. */
  void toFile(Path file, FileFormat format) throws IOException {
    BlockGrid grid = source.grid();
    try (DiskGroup disk = format.open(file, "r+")) {
      BaseDataset dataset = disk.dataset(path);
      Iterator<Row> rows = source.blocks().toLocalIterator();
      while (rows.hasNext()) {
        Row row = rows.next();
        if (grid.shape(row.getInt(0)).size() > 0) {
          NdArray block = converted(Blocks.array(grid, row), type);
          dataset.write(block, grid.indices(row.getInt(0)));
        }
      }
    }
  }
}
