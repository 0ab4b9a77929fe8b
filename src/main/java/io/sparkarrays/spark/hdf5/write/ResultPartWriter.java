// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.Shape;
import io.sparkarrays.core.TempFile;
import io.sparkarrays.hdf5.Hdf5Writer;
import io.sparkarrays.spark.source.TableFileWriter;
import io.sparkarrays.spark.write.IndexColumns;
import java.io.IOException;
import java.io.Serializable;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Appends the rows of a task to a file of its own, in whatever order they come; with {@code
 * single}, puts each where it belongs.
 */
final class ResultPartWriter implements TableFileWriter {

  /**
   * What all tasks of a write do.
   *
   * @param folder where parts are made; no reader looks there
   * @param columns what is written
   * @param index which frame a row is
   * @param fileColumn place of the column that tells the file of a row, or -1
   * @param byFile whether the rows of each file make arrays of their own
   * @param scan the scan's shape, if rows are put where they belong; rank 0 if they are appended,
   *     or if the scan is only known by its rows
   * @param single whether rows are put where they belong
   */
  record Job(
      String folder,
      List<ArrayColumn> columns,
      IndexColumns index,
      int fileColumn,
      boolean byFile,
      Shape scan,
      boolean single)
      implements Serializable {}

  private final Job job;
  private final String name;

  /** By the file that rows are of. */
  private final Map<String, Rows> tables = new LinkedHashMap<>();

  private Hdf5Writer file;
  private String lastFile;
  private Rows last;
  private ArrayList<PartReport> reports;

  /**
   * @param part the task's place among those of the write
   */
  ResultPartWriter(Job job, int part) {
    this.job = job;
    this.name =
        String.format("part-%05d-%s.h5", part, UUID.randomUUID().toString().substring(0, 8));
  }

  private Path path() {
    return Path.of(job.folder(), name);
  }

  @Override
  public void write(InternalRow row) throws IOException {
    String source = job.fileColumn() < 0 ? null : text(row, job.fileColumn());
    if (last == null || (source != null && !source.equals(lastFile))) {
      if (file == null) {
        file = Hdf5Writer.create(path());
      }
      last = tables.get(source);
      lastFile = source;
      if (last == null) {
        last = new Rows(source, row);
        tables.put(source, last);
      }
    }
    last.write(row);
  }

  private static String text(InternalRow row, int ordinal) {
    return row.isNullAt(ordinal) ? "" : row.getUTF8String(ordinal).toString();
  }

  @Override
  public long seal() throws IOException {
    reports = new ArrayList<>();
    if (file == null) {
      return 0;
    }
    for (Rows rows : tables.values()) {
      reports.add(rows.finish());
    }
    file.close();
    file = null;
    try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    TempFile.sync(path().getParent());
    return Files.size(path());
  }

  @Override
  public Serializable report() {
    return reports;
  }

  @Override
  public void close() throws IOException {
    for (Rows rows : tables.values()) {
      rows.close();
    }
    if (file != null) {
      file.close();
      file = null;
      Files.deleteIfExists(path());
    }
  }

  /** The rows of one file. */
  private final class Rows {
    private final String source;
    private final List<ColumnWriter> writers = new ArrayList<>();
    private final FrameRuns runs = new FrameRuns();
    private long rows;

    Rows(String source, InternalRow first) {
      this.source = source;
      for (ArrayColumn column : job.columns()) {
        writers.add(
            ColumnWriter.of(
                column,
                column.path(job.byFile() ? source : null),
                file,
                job.scan(),
                Path.of(job.folder()),
                first));
      }
    }

    void write(InternalRow row) throws IOException {
      long frame = job.index().frame(row);
      runs.add(frame, rows);
      long position = job.single() ? frame : rows;
      for (ColumnWriter writer : writers) {
        writer.write(row, position, frame);
      }
      rows++;
    }

    PartReport finish() throws IOException {
      List<PartReport.Array> arrays = new ArrayList<>();
      for (ColumnWriter writer : writers) {
        arrays.add(writer.finish());
      }
      return new PartReport(name, source, rows, runs, List.copyOf(arrays));
    }

    void close() throws IOException {
      for (ColumnWriter writer : writers) {
        writer.close();
      }
    }
  }
}
