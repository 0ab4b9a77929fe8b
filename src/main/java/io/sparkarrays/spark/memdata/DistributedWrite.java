// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

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
 */
record DistributedWrite(String path, MemDatasetDistributed source) {

  /** Writes the blocks here, one after another, as they come from the cluster. */
  void toFile(Path file, FileFormat format) throws IOException {
    BlockGrid grid = source.grid();
    try (DiskGroup disk = format.open(file, "r+")) {
      BaseDataset dataset = disk.dataset(path);
      Iterator<Row> rows = source.blocks().toLocalIterator();
      while (rows.hasNext()) {
        Row row = rows.next();
        if (grid.shape(row.getInt(0)).size() > 0) {
          dataset.write(Blocks.array(grid, row), grid.indices(row.getInt(0)));
        }
      }
    }
  }
}
