// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.VariableBytes;
import io.sparkarrays.hdf5.WriterStatus;
import io.sparkarrays.spark.source.ChunkCounts;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameCursor;
import io.sparkarrays.spark.source.FrameRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The frames of one file, read straight into the caller's memory. */
final class Hdf5Cursor implements FrameCursor {

  private final KeptFiles.Use file;
  private final long first;
  private final List<ColumnFrames> columns;

  private Hdf5Cursor(KeptFiles.Use file, long first, List<ColumnFrames> columns) {
    this.file = file;
    this.first = first;
    this.columns = columns;
  }

  static Hdf5Cursor open(FrameRange range, List<FrameColumn> wanted, FileAccess access)
      throws IOException {
    KeptFiles.Use file = KeptFiles.open(range.file(), access);
    boolean opened = false;
    try {
      List<ColumnFrames> columns = new ArrayList<>();
      for (FrameColumn column : wanted) {
        columns.add(same(file, column, range));
      }
      opened = true;
      return new Hdf5Cursor(file, range.from(), columns);
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }

  /** Checks again what was checked when the read was planned: the file may be another now. */
  private static ColumnFrames same(KeptFiles.Use file, FrameColumn column, FrameRange range)
      throws IOException {
    ColumnFrames frames = ColumnFrames.of(file.dataset(column.source()), column);
    long found = frames.scan().size();
    boolean growing = file.file().status() == WriterStatus.OPEN_FOR_SWMR;
    if (!frames.isOf(column) || (growing ? found < range.frames() : found != range.frames())) {
      throw new ArrayException(
          ErrorCode.STRUCTURE_DIFFERS,
          range.file(),
          "data set '" + column.source() + "' is now " + frames.describe(),
          "Keep files unchanged while they are read, and run the query again");
    }
    return frames;
  }

  @Override
  public void read(int column, long from, long to, Hyperslab region, ByteBuffer destination)
      throws IOException {
    columns.get(column).read(from - first, to - first, region, destination);
  }

  @Override
  public void resolve(
      int column, ValueType.Variable type, ByteBuffer elements, VariableBytes values)
      throws IOException {
    columns.get(column).resolve(type, elements, values);
  }

  @Override
  public Optional<ChunkCounts> chunks() {
    return columns.stream().flatMap(column -> column.chunks().stream()).reduce(ChunkCounts::plus);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
