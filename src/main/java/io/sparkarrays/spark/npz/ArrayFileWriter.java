// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.npz;

import io.sparkarrays.core.Shape;
import io.sparkarrays.core.Spool;
import io.sparkarrays.npz.NpzWriter;
import io.sparkarrays.spark.options.ArrayMode;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.source.TableFileWriter;
import io.sparkarrays.spark.write.ColumnSpools;
import io.sparkarrays.spark.write.WrittenColumn;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/** Writes the rows of a task as one npz file. */
public abstract class ArrayFileWriter implements TableFileWriter {

  /** Begins files in tasks. */
  @FunctionalInterface
  public interface Maker extends Serializable {
    /** Begins a file under a name that no reader looks at. */
    ArrayFileWriter open(Path file) throws IOException;
  }

  private final Path file;
  private final NpzWriter out;

  ArrayFileWriter(Path file) throws IOException {
    this.file = file;
    this.out = NpzWriter.create(file, true);
  }

  /**
   * Makes writers of rows in the form that option {@code mode} tells.
   *
   * @throws io.sparkarrays.core.ArrayException {@code COLUMN_MISSING}, {@code COLUMN_TYPE}, {@code
   *     OPTION_MISSING}
   */
  public static Maker factory(StructType rows, WriteOptions options) {
    if (options.mode() == ArrayMode.ENTRIES) {
      return entries(rows);
    }
    List<WrittenColumn> columns = WrittenColumn.of(rows, options);
    return file -> new Columns(file, columns);
  }

  /** Makes writers of rows that are an array each. */
  public static Maker entries(StructType rows) {
    EntryRow entry = EntryRow.of(rows);
    return file -> new Entries(file, entry);
  }

  final NpzWriter out() {
    return out;
  }

  /** Writes what is not written yet. */
  void finish() throws IOException {}

  @Override
  public final long seal() throws IOException {
    finish();
    out.commit();
    return Files.size(file);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** Each row is an array. */
  private static final class Entries extends ArrayFileWriter {
    private final EntryRow entry;

    Entries(Path file, EntryRow entry) throws IOException {
      super(file);
      this.entry = entry;
    }

    @Override
    public void write(InternalRow row) throws IOException {
      entry.write(row, out());
    }
  }

  /** Each column is an array. */
  private static final class Columns extends ArrayFileWriter {
    private final List<WrittenColumn> columns;
    private final ColumnSpools spools;

    Columns(Path file, List<WrittenColumn> columns) throws IOException {
      super(file);
      this.columns = columns;
      this.spools = new ColumnSpools(columns, file.getParent());
    }

    @Override
    public void write(InternalRow row) throws IOException {
      spools.add(row);
    }

    @Override
    void finish() throws IOException {
      for (int i = 0; i < columns.size(); i++) {
        WrittenColumn column = columns.get(i);
        Spool spool = spools.column(i);
        out().begin(column.name(), column.dtype(), Shape.of(spools.rows()).concat(column.frame()));
        spool.forEach(out()::write);
        out().end();
      }
    }

    @Override
    public void close() throws IOException {
      spools.close();
      super.close();
    }
  }
}
