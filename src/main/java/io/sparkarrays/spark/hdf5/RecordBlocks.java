// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.Hyperslab;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The last blocks of records that were read, so that the columns of their members, which are filled
 * one after the other, read the file once.
 */
final class RecordBlocks {

  /** Bytes of a block; a batch of all members' values is mostly in one or two. */
  private static final int BLOCK = 8 << 20;

  private static final int KEPT = 3;

  private final ColumnFrames records;
  private final Hyperslab all;
  private final int frameBytes;
  private final long blockFrames;
  private final ByteBuffer[] blocks = new ByteBuffer[KEPT];
  private final long[] numbers = new long[KEPT];
  private int next;

  /**
   * @param all the whole frame
   * @param frameBytes stored bytes of its records
   */
  RecordBlocks(ColumnFrames records, Hyperslab all, long frameBytes) {
    this.records = records;
    this.all = all;
    this.frameBytes = Math.toIntExact(frameBytes);
    this.blockFrames = Math.max(1, BLOCK / Math.max(1, frameBytes));
  }

  /** The number of the block that holds a frame. */
  long block(long frame) {
    return frame / blockFrames;
  }

  /** The first frame of a block. */
  long first(long block) {
    return block * blockFrames;
  }

  /** The first frame behind a block. */
  long end(long block) {
    return Math.min(records.frames(), (block + 1) * blockFrames);
  }

  /** The bytes of all frames of a block, from position 0 on. */
  ByteBuffer bytes(long block) throws IOException {
    for (int i = 0; i < KEPT; i++) {
      if (blocks[i] != null && numbers[i] == block) {
        return blocks[i];
      }
    }
    int bytes = Math.toIntExact((end(block) - first(block)) * frameBytes);
    int place = next;
    next = (next + 1) % KEPT;
    if (blocks[place] == null || blocks[place].capacity() < bytes) {
      blocks[place] = ByteBuffer.allocate(bytes);
    }
    // Unless this succeeds the block is none.
    numbers[place] = -1;
    records.read(first(block), end(block), all, blocks[place].clear().limit(bytes));
    numbers[place] = block;
    return blocks[place];
  }
}
