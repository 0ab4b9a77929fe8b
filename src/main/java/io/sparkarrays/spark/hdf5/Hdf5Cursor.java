// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.VariableBytes;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.ValueTypes;
import io.sparkarrays.hdf5.WriterStatus;
import io.sparkarrays.hdf5.virtual.VirtualPlan;
import io.sparkarrays.spark.source.ChunkCounts;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameCursor;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.FrameReference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The frames of one file, read straight into the caller's memory. */
final class Hdf5Cursor implements FrameCursor {

  private final Optional<KeptFiles.Use> file;
  private final long first;
  private final List<ColumnCursor> columns;

  private Hdf5Cursor(Optional<KeptFiles.Use> file, long first, List<ColumnCursor> columns) {
    this.file = file;
    this.first = first;
    this.columns = columns;
  }

  /**
   * Opens a file, if any column needs it.
   *
   * @param plans of virtual data sets by their paths
   * @param followed whether frames were found written one by one, so that extents may be any
   */
  static Hdf5Cursor open(
      FrameRange range,
      List<FrameColumn> wanted,
      FileAccess access,
      Map<String, VirtualPlan> plans,
      boolean followed)
      throws IOException {
    boolean all = wanted.stream().allMatch(column -> plans.containsKey(column.source()));
    Optional<KeptFiles.Use> file =
        all ? Optional.empty() : Optional.of(KeptFiles.open(range.file(), access));
    Hdf5Cursor cursor = new Hdf5Cursor(file, range.from(), new ArrayList<>());
    Map<String, Records> records = new HashMap<>();
    boolean opened = false;
    try {
      for (FrameColumn column : wanted) {
        VirtualPlan plan = plans.get(column.source());
        cursor.columns.add(
            plan == null
                ? same(file.orElseThrow(), column, range, access, records, followed)
                : VirtualFrames.of(plan, column, access));
      }
      opened = true;
      return cursor;
    } finally {
      if (!opened) {
        cursor.close();
      }
    }
  }

  /** Records that several columns are members of. */
  private record Records(ColumnFrames frames, RecordBlocks blocks) {}

  /** Checks again what was checked when the read was planned: the file may be another now. */
  private static ColumnCursor same(
      KeptFiles.Use file,
      FrameColumn column,
      FrameRange range,
      FileAccess access,
      Map<String, Records> records,
      boolean followed)
      throws IOException {
    Dataset dataset = file.dataset(column.source());
    Optional<ValueType.Member> member = StoredColumn.member(dataset, column);
    if (member.isPresent()) {
      boolean first = !records.containsKey(column.source());
      if (first) {
        FrameColumn whole =
            new FrameColumn(
                column.name(), ValueTypes.of(dataset.datatype()), column.frame(), column.source());
        ColumnFrames frames = sameFrames(file, dataset, whole, range, followed);
        RecordBlocks blocks =
            new RecordBlocks(frames, Hyperslab.all(whole.frame()), whole.frameBytes());
        records.put(column.source(), new Records(frames, blocks));
      }
      Records known = records.get(column.source());
      return new MemberFrames(
          known.frames(),
          known.blocks(),
          column,
          dataset.datatype().size(),
          member.get().offset(),
          first);
    }
    ColumnFrames frames = sameFrames(file, dataset, column, range, followed);
    Optional<VirtualPlan> plan = frames.isPlanned() ? dataset.plan() : Optional.empty();
    return plan.isPresent() ? VirtualFrames.of(plan.get(), column, access) : frames;
  }

  private static ColumnFrames sameFrames(
      KeptFiles.Use file, Dataset dataset, FrameColumn column, FrameRange range, boolean followed)
      throws IOException {
    ColumnFrames frames = ColumnFrames.of(dataset, column);
    long found = frames.frames();
    boolean growing = file.file().status() == WriterStatus.OPEN_FOR_SWMR;
    boolean enough = followed || (growing ? found >= range.frames() : found == range.frames());
    if (!frames.isOf(column) || !enough) {
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
  public Optional<FrameReference> reference(int column, long frame) throws IOException {
    return columns
        .get(column)
        .reference(frame - first)
        .map(found -> new FrameReference(found.place(), later(found.to())));
  }

  private long later(long to) {
    return to == Long.MAX_VALUE ? to : first + to;
  }

  @Override
  public Optional<ChunkCounts> chunks() {
    return columns.stream().flatMap(column -> column.chunks().stream()).reduce(ChunkCounts::plus);
  }

  @Override
  public long sourcesOpened() {
    return columns.stream().mapToLong(ColumnCursor::sourcesOpened).sum();
  }

  @Override
  public void close() throws IOException {
    for (ColumnCursor column : columns) {
      column.close();
    }
    if (file.isPresent()) {
      file.get().close();
    }
  }
}
