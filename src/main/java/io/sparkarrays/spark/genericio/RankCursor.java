// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.genericio;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.genericio.ColumnReader;
import io.sparkarrays.genericio.GenericIOFile;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameCursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The rows of one rank. Whole rows are read straight into the caller's memory. */
final class RankCursor implements FrameCursor {

  /** Bytes of rows of which only a part is wanted that are read at a time. */
  private static final int PIECE = 256 * 1024;

  private final GenericIOFile file;
  private final long first;
  private final List<FrameColumn> columns;
  private final List<ColumnReader> readers;
  private ByteBuffer piece = ByteBuffer.allocate(0);

  /**
   * @param file closed with the cursor
   * @param first the number in the scan of the rank's first row
   */
  RankCursor(
      GenericIOFile file, long first, List<FrameColumn> columns, List<ColumnReader> readers) {
    this.file = file;
    this.first = first;
    this.columns = columns;
    this.readers = readers;
  }

  @Override
  public void read(int place, long from, long to, Hyperslab region, ByteBuffer destination)
      throws IOException {
    FrameColumn column = columns.get(place);
    if (region.isAll(column.frame())) {
      readers.get(place).read(from - first, to - first, destination);
      return;
    }
    int rowBytes = Math.toIntExact(column.frameBytes());
    int step = Math.max(1, PIECE / rowBytes);
    if (piece.capacity() < step * rowBytes) {
      piece = ByteBuffer.allocate(step * rowBytes);
    }
    for (long at = from; at < to; at += step) {
      long end = Math.min(to, at + step);
      readers
          .get(place)
          .read(at - first, end - first, piece.clear().limit((int) (end - at) * rowBytes));
      piece.flip();
      for (int row = 0; row < piece.limit(); row += rowBytes) {
        cut(column, region, row, destination);
      }
    }
  }

  private void cut(FrameColumn column, Hyperslab region, int row, ByteBuffer destination) {
    int size = column.dtype().size();
    region.forEachRun(
        column.frame(),
        (offset, elements) ->
            destination.put(piece.slice(row + (int) offset * size, (int) elements * size)));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
