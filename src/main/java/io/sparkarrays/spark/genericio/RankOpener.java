// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.genericio;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.genericio.ColumnReader;
import io.sparkarrays.genericio.GenericIOFile;
import io.sparkarrays.genericio.RankBlock;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameCursor;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.FrameRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens the rows of a rank in a task.
 *
 * @param verify whether they are checked against their CRCs
 */
record RankOpener(boolean verify) implements FrameOpener {

  @Override
  public FrameCursor open(FrameRange range, List<FrameColumn> columns) throws IOException {
    GenericIOFile file = HeaderCache.open(Path.of(range.file()));
    RankCursor cursor = null;
    try {
      int rank = find(file, range);
      List<ColumnReader> readers = new ArrayList<>();
      for (FrameColumn column : columns) {
        int variable = file.variable(column.name());
        ColumnReader reader = file.column(rank, variable, verify);
        if (!reader.dtype().equals(column.dtype()) || reader.rowBytes() != column.frameBytes()) {
          throw changed(range);
        }
        readers.add(reader);
      }
      cursor = new RankCursor(file, range.from(), columns, readers);
      return cursor;
    } finally {
      if (cursor == null) {
        file.close();
      }
    }
  }

  private static int find(GenericIOFile file, FrameRange range) {
    for (int rank = 0; rank < file.ranks().size(); rank++) {
      RankBlock block = file.ranks().get(rank);
      if (block.number() == range.partition() && block.rows() == range.frames()) {
        return rank;
      }
    }
    throw changed(range);
  }

  private static ArrayException changed(FrameRange range) {
    return new ArrayException(
        ErrorCode.STRUCTURE_DIFFERS,
        range.file(),
        "it is another file than when the query was planned",
        "Keep the files unchanged while they are read, and run the query again");
  }
}
