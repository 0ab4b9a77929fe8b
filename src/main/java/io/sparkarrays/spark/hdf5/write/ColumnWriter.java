// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.Spool;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.Hdf5Writer;
import io.sparkarrays.spark.write.FrameEncoder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apache.spark.sql.catalyst.InternalRow;

/** Writes a column of a task's rows as an array of a part. Used by one thread. */
abstract class ColumnWriter implements Closeable {

  /** Writes the value of a row. */
  abstract void write(InternalRow row, long position, long frame) throws IOException;

  /** Writes what is left, and tells what the array is. */
  abstract PartReport.Array finish() throws IOException;

  @Override
  public void close() throws IOException {}

  /**
   * A writer for rows of which the first is known.
   *
   * @param scan the scan's shape; rank 0 for an array that grows
   * @param folder where bytes wait that are too many for memory
   */
  static ColumnWriter of(
      ArrayColumn column, String path, Hdf5Writer file, Shape scan, Path folder, InternalRow row) {
    if (!column.value().isPlain()) {
      return new Recorded(column, path, file, scan, new Spool(folder));
    }
    Shape frame = column.value().frame(row);
    ValueType type = new ValueType.Plain(column.value().dtype());
    requireFit(column, frame, type);
    return new Plain(
        column.value().encoder(frame),
        new ChunkedArray(file, path, type, scan, frame, column.plan()),
        new PartReport.Array(path, type, frame));
  }

  private static void requireFit(ArrayColumn column, Shape frame, ValueType type) {
    if (!column.plan().fits(frame, type.size())) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          "option chunks = '" + column.plan().chunks() + "'",
          "no chunk of column "
              + column.value().field().name()
              + ", whose frames have the shape "
              + frame,
          "Give the number of frames, and then an extent for each dimension of a frame, or the"
              + " number of frames alone; a chunk has at most 1 GiB");
    }
  }

  /** Elements are made of values as they come. */
  private static final class Plain extends ColumnWriter {
    private final FrameEncoder encoder;
    private final ChunkedArray array;
    private final PartReport.Array report;

    Plain(FrameEncoder encoder, ChunkedArray array, PartReport.Array report) {
      this.encoder = encoder;
      this.array = array;
      this.report = report;
    }

    @Override
    void write(InternalRow row, long position, long frame) {
      array.put(position, encoder.encode(row, frame).duplicate());
    }

    @Override
    PartReport.Array finish() {
      array.finish();
      return report;
    }
  }

  /** Elements are made once the longest text is known. */
  private static final class Recorded extends ColumnWriter {
    private static final int HEADER = Long.BYTES + Integer.BYTES;

    private final ArrayColumn column;
    private final String path;
    private final Hdf5Writer file;
    private final Shape scan;
    private final Spool spool;
    private final ValueNode node;
    private final RecordBuffer record = new RecordBuffer();

    Recorded(ArrayColumn column, String path, Hdf5Writer file, Shape scan, Spool spool) {
      this.column = column;
      this.path = path;
      this.file = file;
      this.scan = scan;
      this.spool = spool;
      this.node = column.value().node();
    }

    @Override
    void write(InternalRow row, long position, long frame) throws IOException {
      record.clear();
      node.record(row, column.value().field().ordinal(), frame, record);
      ByteBuffer content = record.content();
      spool.put(ByteBuffer.allocate(HEADER).putLong(position).putInt(content.remaining()).flip());
      spool.put(content);
    }

    @Override
    PartReport.Array finish() throws IOException {
      ValueType type = node.type();
      requireFit(column, Shape.of(), type);
      ChunkedArray array = new ChunkedArray(file, path, type, scan, Shape.of(), column.plan());
      ByteBuffer element = ByteBuffer.allocate(type.size());
      RecordBuffer waiting = new RecordBuffer();
      spool.forEach(
          piece -> {
            waiting.put(piece);
            ByteBuffer in = waiting.content();
            while (in.remaining() >= HEADER
                && in.remaining() - HEADER >= in.getInt(in.position() + Long.BYTES)) {
              long position = in.getLong();
              in.getInt();
              node.expand(in, element.clear());
              array.put(position, element.flip());
            }
            ByteBuffer rest = ByteBuffer.allocate(in.remaining()).put(in).flip();
            waiting.clear();
            waiting.put(rest);
          });
      array.finish();
      return new PartReport.Array(path, type, Shape.of());
    }

    @Override
    public void close() throws IOException {
      spool.close();
    }
  }
}
