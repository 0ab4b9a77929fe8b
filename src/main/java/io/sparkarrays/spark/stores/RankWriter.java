// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stores;

import io.sparkarrays.genericio.Coords;
import io.sparkarrays.genericio.FileLayout;
import io.sparkarrays.genericio.GenericIOWriter;
import io.sparkarrays.spark.source.TableFileWriter;
import io.sparkarrays.spark.write.ColumnSpools;
import io.sparkarrays.spark.write.WrittenColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;

/** Writes the rows of a task as a GenericIO file of one rank. */
final class RankWriter implements TableFileWriter {

  private final Path file;
  private final FileLayout layout;
  private final int rank;
  private final Coords place;
  private final ColumnSpools columns;

  RankWriter(Path file, FileLayout layout, List<WrittenColumn> columns, int rank, Coords place) {
    this.file = file;
    this.layout = layout;
    this.rank = rank;
    this.place = place;
    this.columns = new ColumnSpools(columns, file.getParent());
  }

  @Override
  public void write(InternalRow row) throws IOException {
    columns.add(row);
  }

  @Override
  public long seal() throws IOException {
    try (GenericIOWriter writer = GenericIOWriter.create(file, true, layout, 1)) {
      writer.rank(rank, place, columns.rows());
      for (int i = 0; i < layout.variables().size(); i++) {
        writer.begin();
        columns.column(i).forEach(writer::write);
      }
      writer.commit();
    }
    return Files.size(file);
  }

  @Override
  public void close() throws IOException {
    columns.close();
  }
}
