// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * A column of frames. Where a vector holds just the stored bytes they are read into it; else they
 * are read into scratch memory in pieces and decoded from there.
 */
final class FramesFiller implements ColumnFiller {

  /**
   * Bytes that are read before they are decoded. From 64 KiB to 8 MiB it made no difference for
   * plain files; the more are asked for at once, the fewer chunks a compressed file has to decode
   * twice.
   */
  private static final int PIECE = 8 << 20;

  private static final byte[] ZEROS = new byte[8192];

  private final ReadColumn.Frames column;
  private final int place;
  private final SplitFiles files;
  private final BatchPool pool;
  private final VectorPlan plan;
  private final Optional<ElementDecoder> decoder;
  private final int[] dataBuffers;
  private final long elements;
  private final int storedBytes;

  /**
   * @param place the column's place among those that the files were opened with
   */
  FramesFiller(ReadColumn.Frames column, int place, SplitFiles files, BatchPool pool) {
    this.column = column;
    this.place = place;
    this.files = files;
    this.pool = pool;
    Dtype dtype = column.column().dtype();
    this.plan = VectorPlan.frames(column.field(), dtype, column.region().shape());
    this.decoder = decoder(dtype, column.field().dataType());
    this.elements = column.region().shape().size();
    this.storedBytes = Math.toIntExact(elements * dtype.size());
    int last = plan.buffers().size() - 1;
    // The parts of a struct each end with their data, after a buffer of validity.
    this.dataBuffers =
        dtype.type().components() == 2 && !(column.field().dataType() instanceof BinaryType)
            ? new int[] {last - 2, last}
            : new int[] {last};
  }

  private static Optional<ElementDecoder> decoder(Dtype dtype, DataType frame) {
    DataType type = frame;
    while (type instanceof ArrayType array) {
      type = array.elementType();
    }
    if (type instanceof BooleanType) {
      return Optional.of(ElementDecoder.bits());
    }
    if (type instanceof StructType) {
      return Optional.of(ElementDecoder.components(dtype));
    }
    if (!(type instanceof BinaryType) && VectorPlan.width(type) != Byte.SIZE * dtype.size()) {
      return Optional.of(ElementDecoder.widening(dtype));
    }
    return dtype.bigEndian() ? Optional.of(ElementDecoder.littleEndian(dtype)) : Optional.empty();
  }

  @Override
  public VectorPlan plan() {
    return plan;
  }

  @Override
  public void fill(ByteBuffer[] buffers, int row, FrameRun run) throws IOException {
    if (storedBytes == 0) {
      return;
    }
    if (decoder.isEmpty()) {
      ByteBuffer data = buffers[dataBuffers[0]];
      data.limit((row + run.frames()) * storedBytes).position(row * storedBytes);
      read(run, run.from(), run.to(), data);
      data.clear();
      return;
    }
    ByteBuffer[] destinations = new ByteBuffer[dataBuffers.length];
    for (int i = 0; i < destinations.length; i++) {
      destinations[i] = buffers[dataBuffers[i]];
    }
    int step = Math.max(1, Math.min(run.frames(), PIECE / storedBytes));
    ByteBuffer piece = pool.scratch(step * storedBytes);
    long first = row * elements;
    for (long from = run.from(); from < run.to(); from += step) {
      long to = Math.min(run.to(), from + step);
      piece.position(0).limit((int) (to - from) * storedBytes);
      read(run, from, to, piece);
      piece.flip();
      decoder.get().decode(piece, first, destinations);
      first += (to - from) * elements;
    }
  }

  private void read(FrameRun run, long from, long to, ByteBuffer destination) throws IOException {
    if (run.range().present()) {
      files.read(run, place, from, to, column.region(), destination);
    } else {
      while (destination.hasRemaining()) {
        destination.put(ZEROS, 0, Math.min(ZEROS.length, destination.remaining()));
      }
    }
  }
}
