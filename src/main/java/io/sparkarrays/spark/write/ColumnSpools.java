// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import io.sparkarrays.core.Spool;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Turns rows into columns of stored bytes, for files that hold whole columns and must know their
 * lengths beforehand. Used by one thread.
 */
public final class ColumnSpools implements Closeable {

  private final List<FrameEncoder> encoders = new ArrayList<>();
  private final List<Spool> spools = new ArrayList<>();
  private long rows;

  /**
   * Empty columns.
   *
   * @param folder where bytes wait that are too many for memory
   * @throws io.sparkarrays.core.ArrayException {@code COLUMN_TYPE}
   */
  public ColumnSpools(List<WrittenColumn> columns, Path folder) {
    for (WrittenColumn column : columns) {
      encoders.add(FrameEncoder.of(column.field(), column.frame(), column.dtype()));
      spools.add(new Spool(folder));
    }
  }

  /**
   * Appends a row.
   *
   * @throws io.sparkarrays.core.ArrayException {@code FRAME_LENGTH}, {@code VALUE_OUT_OF_RANGE}
   */
  public void add(InternalRow row) throws IOException {
    for (int i = 0; i < spools.size(); i++) {
      spools.get(i).put(encoders.get(i).encode(row, rows).duplicate());
    }
    rows++;
  }

  /** How many rows there are. */
  public long rows() {
    return rows;
  }

  /** The bytes of a column. */
  public Spool column(int place) {
    return spools.get(place);
  }

  @Override
  public void close() throws IOException {
    for (Spool spool : spools) {
      spool.close();
    }
  }
}
