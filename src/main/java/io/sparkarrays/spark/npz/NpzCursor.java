// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.npz;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.npz.NpyArray;
import io.sparkarrays.npz.NpzFile;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameCursor;
import io.sparkarrays.spark.source.FrameRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The arrays of one npz file: their rows are read straight into the caller's memory. */
final class NpzCursor implements FrameCursor {

  private final NpzFile file;
  private final List<FrameColumn> columns;
  private final List<NpyArray> arrays = new ArrayList<>();
  private final long first;
  private ByteBuffer row = ByteBuffer.allocate(0);

  private NpzCursor(NpzFile file, FrameRange range, List<FrameColumn> columns, boolean verify)
      throws IOException {
    this.file = file;
    this.columns = columns;
    this.first = range.from();
    for (FrameColumn column : columns) {
      arrays.add(NpzFrameSource.same(file, column, range, verify));
    }
  }

  static NpzCursor open(FrameRange range, List<FrameColumn> columns, boolean verify)
      throws IOException {
    NpzFile file = NpzFile.open(Path.of(range.file()));
    NpzCursor cursor = null;
    try {
      cursor = new NpzCursor(file, range, columns, verify);
      return cursor;
    } finally {
      if (cursor == null) {
        file.close();
      }
    }
  }

  @Override
  public void read(int column, long from, long to, Hyperslab region, ByteBuffer destination)
      throws IOException {
    NpyArray array = arrays.get(column);
    FrameColumn stored = columns.get(column);
    if (array.type().size() < stored.type().size()) {
      readShorter(array, stored, from, to, region, destination);
      return;
    }
    if (region.isAll(stored.frame())) {
      array.read(from - first, to - first, destination);
      return;
    }
    int bytes = Math.toIntExact(array.rowBytes());
    row = row.capacity() >= bytes ? row : ByteBuffer.allocateDirect(bytes);
    int size = stored.type().size();
    for (long frame = from; frame < to; frame++) {
      array.read(frame - first, frame - first + 1, row.clear().limit(bytes));
      region.forEachRun(
          stored.frame(),
          (offset, elements) -> {
            int length = (int) elements * size;
            destination.put(destination.position(), row, (int) offset * size, length);
            destination.position(destination.position() + length);
          });
    }
  }

  /** Reads text of fewer characters than the column has, which other files fill. */
  private void readShorter(
      NpyArray array,
      FrameColumn column,
      long from,
      long to,
      Hyperslab region,
      ByteBuffer destination)
      throws IOException {
    int size = array.type().size();
    byte[] padding = new byte[column.type().size() - size];
    ByteBuffer rows = ByteBuffer.allocate(Math.toIntExact((to - from) * array.rowBytes()));
    array.read(from - first, to - first, rows);
    for (long frame = 0; frame < to - from; frame++) {
      int start = Math.toIntExact(frame * array.rowBytes());
      region.forEachRun(
          column.frame(),
          (offset, elements) -> {
            for (long element = offset; element < offset + elements; element++) {
              destination.put(rows.array(), start + (int) element * size, size).put(padding);
            }
          });
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
