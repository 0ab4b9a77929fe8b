// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameArrivals;
import io.sparkarrays.core.LargeWrites;
import io.sparkarrays.core.TempFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The write handle of one partition. Frames come in any order, each once; {@link #commit} publishes
 * the partition when all have come, and a handle that is closed without it leaves nothing behind:
 *
 * <pre>{@code
 * try (var handle = destination.write()) {
 *   for (var tile : handle.writeTiles(source.tiles())) {
 *     // do something with the tile
 *   }
 *   handle.commit();
 * }
 * }</pre>
 *
 * <p>The frames go into a hidden file beside the partition, in writes of megabytes as long as each
 * follows the one before: readers of small writes are slower for as long as the file stays in the
 * page cache. At commit the file is made durable, gets its name in one step, and the folder is made
 * durable too. Used by one thread.
 */
public final class PartitionWriter implements AutoCloseable {

  private enum State {
    OPEN,
    /** A write to the file failed, so what it holds is unknown. */
    BROKEN,
    COMMITTED,
    CLOSED
  }

  private final Partition partition;
  private final boolean replace;
  private final TempFile file;
  private final LargeWrites writes;
  private final long frameBytes;
  private final List<AutoCloseable> sources = new ArrayList<>();
  private final FrameArrivals arrivals;
  private State state = State.OPEN;

  private PartitionWriter(Partition partition, boolean replace, TempFile file, ByteBuffer buffer) {
    this.partition = partition;
    this.replace = replace;
    this.file = file;
    this.frameBytes = partition.dataSet().structure().frameBytes();
    this.arrivals = new FrameArrivals(partition.from(), partition.to());
    this.writes = new LargeWrites(file.channel(), buffer);
  }

  static PartitionWriter open(Partition partition, boolean replace) {
    Path path = partition.path();
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      if (!replace) {
        throw exists(partition, null);
      }
      if (!Files.isRegularFile(path) && !Files.isSymbolicLink(path)) {
        throw DataSetException.notAFile(path);
      }
    }
    partition.dataSet().requireSidecar();
    // Before the file, so that no file is left if there is no memory.
    ByteBuffer buffer = LargeWrites.buffer(partition.bytes());
    try {
      // Never the data set's own folder: a write job may have given it up just now.
      Folders.makeInside(path.getParent());
      TempFile file = TempFile.create(path.getParent(), path.getFileName().toString());
      return new PartitionWriter(partition, replace, file, buffer);
    } catch (IOException e) {
      throw DataSetException.io(path, "beginning to write the partition", e);
    }
  }

  private static DataSetException exists(Partition partition, Throwable cause) {
    return new DataSetException(
        ErrorCode.PARTITION_EXISTS,
        partition.path(),
        "partition " + partition.index() + " is published already, and partitions are immutable",
        "Overwrite it, or delete it first",
        cause);
  }

  /** The partition that is written. */
  public Partition partition() {
    return partition;
  }

  /** The first frame that has not come; {@code partition().to()} if all have. */
  public long nextFrame() {
    return arrivals.next();
  }

  /**
   * Writes tiles as they are taken from the result, which passes each on after it was written.
   * Tiles that are not taken are not written. A source that can be closed is closed with this
   * handle.
   */
  public Iterable<Tile> writeTiles(Iterable<Tile> tiles) {
    if (tiles instanceof AutoCloseable source) {
      sources.add(source);
    }
    return () -> {
      Iterator<Tile> source = tiles.iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return source.hasNext();
        }

        @Override
        public Tile next() {
          Tile tile = source.next();
          write(tile);
          return tile;
        }
      };
    };
  }

  /**
   * Writes a tile, and leaves its buffer's position where it is.
   *
   * @throws DataSetException {@code DTYPE_DIFFERS} if its elements are not the data set's, and as
   *     {@link #write(long, ByteBuffer)}
   */
  public void write(Tile tile) {
    if (!tile.dtype().equals(partition.dataSet().dtype())) {
      throw new DataSetException(
          ErrorCode.DTYPE_DIFFERS,
          partition.path(),
          "a tile of " + tile.dtype() + " for a data set of " + partition.dataSet().dtype(),
          "Convert the elements first; the write handle stores bytes as they are");
    }
    if (tile.data().remaining() != tile.frames() * frameBytes) {
      throw frameLength(tile.data().remaining(), "for " + tile.frames() + " frames");
    }
    write(tile.from(), tile.data().duplicate());
  }

  /** Writes frames from {@link #nextFrame} on, as {@link #write(long, ByteBuffer)}. */
  public void writeNext(ByteBuffer frames) {
    write(arrivals.next(), frames);
  }

  /**
   * Writes one or more whole frames and consumes the buffer's remaining bytes.
   *
   * @param frame the first of them, counted in the scan
   * @param frames frames in the data set's dtype and C order
   * @throws DataSetException {@code FRAME_LENGTH} if they are not whole; {@code FRAME_OUT_OF_RANGE}
   *     if one is not the partition's; {@code FRAME_DOUBLED}; {@code HANDLE_STATE}; {@code
   *     IO_FAILED}
   */
  public void write(long frame, ByteBuffer frames) {
    requireOpen();
    long count = frames.remaining() / frameBytes;
    if (count == 0 || frames.remaining() % frameBytes != 0) {
      throw frameLength(frames.remaining(), "");
    }
    if (frame < partition.from() || frame > partition.to() - count) {
      throw error(
          ErrorCode.FRAME_OUT_OF_RANGE,
          "frames "
              + frame
              + ":"
              + (frame + count)
              + " are not all in "
              + partition.from()
              + ":"
              + partition.to(),
          "Send each partition its own frames only");
    }
    if (!arrivals.add(frame, frame + count)) {
      throw error(
          ErrorCode.FRAME_DOUBLED,
          (count == 1 ? "frame " + frame : "one of frames " + frame + ":" + (frame + count))
              + " came twice",
          "Write each frame once");
    }
    state = State.BROKEN;
    try {
      writes.put((frame - partition.from()) * frameBytes, frames);
      if (arrivals.complete()) {
        // Handles may wait for each other's commit; they need no memory for that.
        writes.finish();
      }
    } catch (IOException e) {
      throw DataSetException.io(partition.path(), "writing frame " + frame, e);
    }
    state = State.OPEN;
  }

  /**
   * Publishes the partition: after this it is durable and under its own name.
   *
   * @throws DataSetException {@code FRAMES_MISSING} if not all frames have come, and the handle
   *     stays open for them; {@code PARTITION_EXISTS} if it appeared meanwhile; {@code
   *     COMMIT_FAILED} if it is published, but may not survive a loss of power; {@code
   *     HANDLE_STATE}; {@code IO_FAILED}
   */
  public void commit() {
    requireOpen();
    if (!arrivals.complete()) {
      throw error(
          ErrorCode.FRAMES_MISSING,
          "frames " + arrivals.missing() + " did not come, so nothing was published",
          "Write all frames of the partition before the commit");
    }
    state = State.BROKEN;
    try {
      file.publish(partition.path(), replace);
    } catch (FileAlreadyExistsException e) {
      throw exists(partition, e);
    } catch (IOException e) {
      throw DataSetException.io(partition.path(), "publishing the partition", e);
    }
    state = State.COMMITTED;
    try {
      Folders.sync(partition.dataSet().parts());
    } catch (IOException e) {
      throw new DataSetException(
          ErrorCode.COMMIT_FAILED,
          partition.path(),
          "the partition is published, but its folder could not be made durable",
          "Check the disk, then check the data set",
          e);
    }
  }

  /** Discards what was written unless it was committed, and closes the sources of tiles. */
  @Override
  public void close() {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    sources.add(file);
    Exception failure = Closing.all(sources);
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure != null) {
      throw error(
          ErrorCode.IO_FAILED,
          "closing the write handle failed: " + failure.getMessage(),
          "Remove hidden files from its folder",
          failure);
    }
  }

  private void requireOpen() {
    if (state != State.OPEN) {
      throw error(
          ErrorCode.HANDLE_STATE,
          switch (state) {
            case COMMITTED -> "the write handle is committed";
            case BROKEN -> "an earlier write or commit failed";
            default -> "the write handle is closed";
          },
          "Take a new handle to write the partition again");
    }
  }

  private DataSetException frameLength(int bytes, String detail) {
    return error(
        ErrorCode.FRAME_LENGTH,
        (bytes + " bytes " + detail).strip() + ", but a frame has " + frameBytes,
        "Pass one or more whole frames");
  }

  private DataSetException error(ErrorCode code, String problem, String remedy) {
    return error(code, problem, remedy, null);
  }

  private DataSetException error(ErrorCode code, String problem, String remedy, Throwable cause) {
    return new DataSetException(code, partition.path(), problem, remedy, cause);
  }
}
