// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stores;

import io.sparkarrays.core.ElementType;
import io.sparkarrays.genericio.ColumnReader;
import io.sparkarrays.genericio.GenericIOFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Reads the rows of one rank, some thousands at a time. Used by one thread. */
final class RankReader implements PartitionReader<InternalRow> {

  private static final int ROWS = 1 << 13;

  private final RankScanBuilder.Rank rank;
  private final StructType columns;
  private final List<ColumnReader> readers = new ArrayList<>();
  private final List<ByteBuffer> buffers = new ArrayList<>();
  private GenericIOFile file;
  private long rows;
  private long next;
  private int at;
  private int filled;

  RankReader(RankScanBuilder.Rank rank, StructType columns) {
    this.rank = rank;
    this.columns = columns;
  }

  @Override
  public boolean next() throws IOException {
    if (file == null) {
      open();
    }
    at++;
    if (at >= filled) {
      fill();
    }
    return at < filled;
  }

  private void open() throws IOException {
    file = GenericIOFile.open(Path.of(rank.file()));
    rows = file.ranks().get(rank.index()).rows();
    for (StructField column : columns.fields()) {
      ColumnReader reader = file.column(rank.index(), file.variable(column.name()), true);
      readers.add(reader);
      buffers.add(ByteBuffer.allocate(ROWS * reader.dtype().size()).order(reader.dtype().order()));
    }
  }

  private void fill() throws IOException {
    at = 0;
    filled = (int) Math.min(ROWS, rows - next);
    for (int i = 0; i < readers.size() && filled > 0; i++) {
      ColumnReader reader = readers.get(i);
      ByteBuffer buffer = buffers.get(i).clear().limit(filled * reader.dtype().size());
      reader.read(next, next + filled, buffer);
    }
    next += filled;
  }

  @Override
  public InternalRow get() {
    Object[] values = new Object[readers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(buffers.get(i), readers.get(i).dtype().type(), at);
    }
    return new GenericInternalRow(values);
  }

  private static Object value(ByteBuffer from, ElementType type, int at) {
    return switch (type) {
      case INT8 -> from.get(at);
      case UINT8 -> (short) Byte.toUnsignedInt(from.get(at));
      case INT16 -> from.getShort(2 * at);
      case UINT32 -> Integer.toUnsignedLong(from.getInt(4 * at));
      case FLOAT32 -> from.getFloat(4 * at);
      case FLOAT64 -> from.getDouble(8 * at);
      case INT32 -> from.getInt(4 * at);
      case INT64 -> from.getLong(8 * at);
      case UINT16 -> Short.toUnsignedInt(from.getShort(2 * at));
      default -> throw new IllegalArgumentException(type.numpyName());
    };
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
