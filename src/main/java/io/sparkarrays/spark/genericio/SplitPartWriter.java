// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.genericio;

import io.sparkarrays.core.Spool;
import io.sparkarrays.genericio.FileLayout;
import io.sparkarrays.genericio.GenericIOWriter;
import io.sparkarrays.spark.source.TableFileWriter;
import io.sparkarrays.spark.write.ColumnSpools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.catalyst.InternalRow;

/** Writes the rows of a task as a part of a split data set that holds one rank. */
final class SplitPartWriter implements TableFileWriter {

  /** Longer columns are not compressed: a Blosc frame ends there. */
  private static final int MOST_COMPRESSED = Integer.MAX_VALUE - (1 << 16);

  private final Path file;
  private final FileLayout layout;
  private final int rank;
  private final ColumnSpools spools;

  /**
   * @param file where the part is made; no reader looks there
   * @param ranks how many parts there are
   */
  SplitPartWriter(Path file, ParticleColumns columns, int rank, int ranks) {
    this.file = file;
    this.layout = columns.layout(ranks);
    this.rank = rank;
    this.spools = new ColumnSpools(columns.columns(), file.getParent());
  }

  @Override
  public void write(InternalRow row) throws IOException {
    spools.add(row);
  }

  @Override
  public long seal() throws IOException {
    try (GenericIOWriter out = GenericIOWriter.create(file, true, layout, 1)) {
      out.rank(rank, spools.rows());
      for (int i = 0; i < layout.variables().size(); i++) {
        Spool column = spools.column(i);
        if (layout.compress() && column.size() <= MOST_COMPRESSED) {
          ByteBuffer whole = ByteBuffer.allocate((int) column.size());
          column.forEach(whole::put);
          out.column(whole.flip());
        } else {
          out.begin();
          column.forEach(out::write);
        }
      }
      out.commit();
    }
    return Files.size(file);
  }

  @Override
  public void close() throws IOException {
    spools.close();
  }
}
