// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FileByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The tiles of one partition, in the order of their frames. The file is opened when a loop begins
 * and closed when it has run to its end; a loop that may be left early belongs into a
 * try-with-resources block, or its reader handed to {@link PartitionWriter#writeTiles}, which
 * closes it with the write handle. An open loop keeps reading the file that it began with when the
 * partition is replaced.
 *
 * <p>Beginning another loop ends the one before. Used by one thread.
 */
public final class TileReader implements Iterable<Tile>, AutoCloseable {

  private final Partition partition;
  private final int framesPerTile;
  private FileByteSource file;

  TileReader(Partition partition, long tileBytes) {
    this.partition = partition;
    PartitionStructure structure = partition.dataSet().structure();
    long frameBytes = structure.frameBytes();
    if (frameBytes > Integer.MAX_VALUE) {
      throw new DataSetException(
          ErrorCode.OPTION_INVALID,
          partition.path(),
          "a frame of " + frameBytes + " bytes does not fit one buffer",
          "Read frames below 2 GiB only as tiles");
    }
    if (tileBytes < 1) {
      throw new DataSetException(
          ErrorCode.OPTION_INVALID,
          "tileBytes = " + tileBytes,
          "a tile holds at least one frame",
          "Give a positive number of bytes");
    }
    framesPerTile = (int) Math.max(1, Math.min(tileBytes, Integer.MAX_VALUE) / frameBytes);
  }

  /**
   * Opens the file and begins with its first frame.
   *
   * @throws DataSetException {@code PARTITION_MISSING} on this host; {@code PARTITION_SIZE}; {@code
   *     NOT_A_DATA_SET} if a folder is in its place; {@code IO_FAILED}
   */
  @Override
  public Iterator<Tile> iterator() {
    close();
    file = partition.open();
    return new Tiles(file);
  }

  /** Ends the loop under way, if there is one. */
  @Override
  public void close() {
    if (file != null) {
      close(file);
      file = null;
    }
  }

  private void close(FileByteSource source) {
    try {
      source.close();
    } catch (IOException e) {
      throw DataSetException.io(partition.path(), "closing the partition", e);
    }
  }

  private final class Tiles implements Iterator<Tile> {
    private final FileByteSource source;
    private long next = partition.from();

    Tiles(FileByteSource source) {
      this.source = source;
    }

    @Override
    public boolean hasNext() {
      return next < partition.to();
    }

    @Override
    public Tile next() {
      if (!hasNext()) {
        throw new NoSuchElementException("partition " + partition.index() + " has no more tiles");
      }
      if (source != file) {
        throw new DataSetException(
            ErrorCode.HANDLE_STATE,
            partition.path(),
            "this loop was ended, by close() or by a later loop over the same reader",
            "Call tiles() once for each loop that runs at the same time");
      }
      long frameBytes = partition.dataSet().structure().frameBytes();
      long to = Math.min(next + framesPerTile, partition.to());
      ByteBuffer data = ByteBuffer.allocate(Math.toIntExact((to - next) * frameBytes));
      try {
        source.readFully((next - partition.from()) * frameBytes, data);
      } catch (IOException e) {
        throw DataSetException.io(partition.path(), "reading frames " + next + ":" + to, e);
      }
      Tile tile = new Tile(next, to, partition.dataSet().dtype(), data.flip());
      next = to;
      if (!hasNext()) {
        close();
      }
      return tile;
    }
  }
}
