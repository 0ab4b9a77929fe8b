// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A column of values that are more than plain numbers: read into scratch memory in pieces, and
 * decoded from there. What elements of variable length refer to is looked up a piece at a time.
 */
final class ValueFiller implements ColumnFiller {

  private final FrameReads reads;
  private final BatchPool pool;
  private final ValuePlanner.Planned planned;
  private FrameRun run;

  ValueFiller(ReadColumn.Frames column, FrameReads reads, BatchPool pool) {
    this.reads = reads;
    this.pool = pool;
    this.planned =
        ValuePlanner.plan(
            column.field(),
            column.column().type(),
            column.region().shape(),
            (type, elements, values) -> reads.resolve(run, type, elements, values));
  }

  @Override
  public VectorPlan plan() {
    return planned.plan();
  }

  @Override
  public void fill(VectorBuffers buffers, int row, FrameRun walked) throws IOException {
    run = walked;
    int step = reads.pieceFrames(run.frames());
    ByteBuffer piece = pool.scratch(step * reads.frameBytes());
    int at = row;
    for (long from = run.from(); from < run.to(); from += step) {
      int frames = (int) Math.min(run.to() - from, step);
      piece.clear().limit(frames * reads.frameBytes());
      reads.read(run, from, from + frames, piece);
      planned.decoder().decode(piece.flip(), at, frames, buffers);
      at += frames;
    }
  }
}
