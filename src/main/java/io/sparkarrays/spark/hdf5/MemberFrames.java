// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.VariableBytes;
import io.sparkarrays.spark.source.ChunkCounts;
import io.sparkarrays.spark.source.FrameColumn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** One member of a data set's records as a column of its own. */
final class MemberFrames implements ColumnCursor {

  private final ColumnFrames records;
  private final RecordBlocks blocks;
  private final FrameColumn column;
  private final int recordBytes;
  private final int offset;
  private final boolean counts;

  /**
   * @param recordBytes bytes of a record
   * @param offset where the member is in it
   * @param counts whether this column tells what the reading of the records took
   */
  MemberFrames(
      ColumnFrames records,
      RecordBlocks blocks,
      FrameColumn column,
      int recordBytes,
      int offset,
      boolean counts) {
    this.records = records;
    this.blocks = blocks;
    this.column = column;
    this.recordBytes = recordBytes;
    this.offset = offset;
    this.counts = counts;
  }

  @Override
  public long frames() {
    return records.frames();
  }

  @Override
  public void read(long from, long to, Hyperslab region, ByteBuffer destination)
      throws IOException {
    int size = column.type().size();
    long inFrame = column.frame().size();
    for (long frame = from; frame < to; ) {
      long block = blocks.block(frame);
      long end = Math.min(to, blocks.end(block));
      ByteBuffer bytes = blocks.bytes(block);
      for (; frame < end; frame++) {
        long first = (frame - blocks.first(block)) * inFrame;
        region.forEachRun(
            column.frame(),
            (start, length) -> {
              int at = (int) ((first + start) * recordBytes) + offset;
              for (long i = 0; i < length; i++, at += recordBytes) {
                destination.put(destination.position(), bytes, at, size);
                destination.position(destination.position() + size);
              }
            });
      }
    }
  }

  @Override
  public void resolve(ValueType.Variable type, ByteBuffer elements, VariableBytes values)
      throws IOException {
    records.resolve(type, elements, values);
  }

  @Override
  public Optional<ChunkCounts> chunks() {
    return counts ? records.chunks() : Optional.empty();
  }
}
