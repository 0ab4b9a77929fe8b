// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameArrivals;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.LargeWrites;
import io.sparkarrays.core.TempFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Writes frames of one partition into a file of a stream's folder, in any order and not all of
 * them. Used by one thread.
 */
public final class PieceWriter implements AutoCloseable {

  private final PartitionStructure structure;
  private final int partition;
  private final Path folder;
  private final TempFile file;
  private final LargeWrites writes;
  private final FrameArrivals arrivals;

  PieceWriter(Path folder, PartitionStructure structure, int partition) throws IOException {
    this.structure = structure;
    this.partition = partition;
    this.folder = folder;
    ByteBuffer buffer = LargeWrites.buffer(structure.partitionBytes(partition));
    this.file = TempFile.create(folder, "piece");
    this.writes = new LargeWrites(file.channel(), buffer);
    this.arrivals = new FrameArrivals(structure.from(partition), structure.to(partition));
  }

  /** Whether a frame is the partition's. */
  public boolean takes(long frame) {
    return frame >= structure.from(partition) && frame < structure.to(partition);
  }

  /**
   * Writes a frame that it takes.
   *
   * @throws DataSetException {@code FRAME_DOUBLED}
   */
  public void write(long frame, ByteBuffer bytes) throws IOException {
    if (!arrivals.add(frame, frame + 1)) {
      throw new DataSetException(
          ErrorCode.FRAME_DOUBLED,
          "frame " + frame + " of partition " + partition,
          "two rows are for it",
          "Give each frame once, by dropDuplicates or a filter");
    }
    writes.put((frame - structure.from(partition)) * structure.frameBytes(), bytes);
  }

  /** Makes what came durable, where no reader finds it. */
  public StreamPiece seal(String host) throws IOException {
    writes.finish();
    String name = StreamFolder.PIECE + UUID.randomUUID();
    file.publish(folder.resolve(name), false);
    Folders.sync(folder);
    long from = structure.from(partition);
    FrameIntervals all = FrameIntervals.of(from, structure.to(partition));
    FrameIntervals came = all.intersect(arrivals.missing().complement(structure.to(partition)));
    return new StreamPiece(name, partition, host, came);
  }

  /** Discards what was not sealed. */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
