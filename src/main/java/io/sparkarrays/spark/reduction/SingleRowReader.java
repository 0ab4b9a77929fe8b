// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.reduction;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.PartitionReader;

/** Reads one row, which is computed when Spark asks for it. Used by one thread. */
final class SingleRowReader implements PartitionReader<InternalRow> {

  /** Computes the row. */
  @FunctionalInterface
  interface Row {
    InternalRow compute() throws IOException;
  }

  private final Row source;
  private InternalRow row;

  SingleRowReader(Row source) {
    this.source = source;
  }

  @Override
  public boolean next() {
    if (row != null) {
      return false;
    }
    try {
      row = source.compute();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return true;
  }

  @Override
  public InternalRow get() {
    return row;
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
