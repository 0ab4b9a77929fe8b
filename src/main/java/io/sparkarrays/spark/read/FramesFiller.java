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

  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private final FrameReads reads;
  private final BatchPool pool;
  private final VectorPlan plan;
  private final Optional<ElementDecoder> decoder;
  private final int[] dataBuffers;
  private final long elements;
  private final int storedBytes;
  private final Optional<FrameTap> tap;

  /**
   * @param tap sees the frames as they are stored
   */
  FramesFiller(ReadColumn.Frames column, FrameReads reads, BatchPool pool, Optional<FrameTap> tap) {
    this.reads = reads;
    this.tap = tap;
    this.pool = pool;
    Dtype dtype = column.column().dtype();
    this.plan = VectorPlan.frames(column.field(), dtype, column.region().shape());
    this.decoder = decoder(dtype, column.field().dataType());
    this.elements = column.region().shape().size();
    this.storedBytes = reads.frameBytes();
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
  public void fill(VectorBuffers buffers, int row, FrameRun run) throws IOException {
    if (storedBytes == 0) {
      tap.ifPresent(t -> t.frames(EMPTY, run.frames()));
      return;
    }
    if (decoder.isEmpty()) {
      ByteBuffer data = buffers.get(dataBuffers[0]);
      data.limit((row + run.frames()) * storedBytes).position(row * storedBytes);
      reads.read(run, run.from(), run.to(), data);
      data.position(row * storedBytes);
      tap.ifPresent(t -> t.frames(data, run.frames()));
      data.clear();
      return;
    }
    ByteBuffer[] destinations = new ByteBuffer[dataBuffers.length];
    for (int i = 0; i < destinations.length; i++) {
      destinations[i] = buffers.get(dataBuffers[i]);
    }
    int step = reads.pieceFrames(run.frames());
    ByteBuffer piece = pool.scratch(step * storedBytes);
    long first = row * elements;
    for (long from = run.from(); from < run.to(); from += step) {
      long to = Math.min(run.to(), from + step);
      piece.position(0).limit((int) (to - from) * storedBytes);
      reads.read(run, from, to, piece);
      piece.flip();
      if (tap.isPresent()) {
        tap.get().frames(piece, (int) (to - from));
      }
      decoder.get().decode(piece, first, destinations);
      first += (to - from) * elements;
    }
  }
}
