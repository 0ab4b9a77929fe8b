// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FileByteSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * One partition of a ClusterDataSet: a run of frames that one raw file holds, present on this host
 * or not. Presence is looked up at each call and never remembered.
 *
 * <p>Immutable, so safe for use by several threads.
 */
public final class Partition {

  /** Bytes of a tile unless the caller wants another size. */
  public static final long TILE_BYTES = 1 << 20;

  private final ClusterDataSet dataSet;
  private final int index;

  Partition(ClusterDataSet dataSet, int index) {
    this.dataSet = dataSet;
    this.index = index;
  }

  /** The data set that this is a partition of. */
  public ClusterDataSet dataSet() {
    return dataSet;
  }

  /** Position in the data set, from 0. */
  public int index() {
    return index;
  }

  /** First frame, counted in the scan. */
  public long from() {
    return dataSet.structure().from(index);
  }

  /** One past the last frame. */
  public long to() {
    return dataSet.structure().to(index);
  }

  /** Exact bytes of the partition's file. */
  public long bytes() {
    return dataSet.structure().partitionBytes(index);
  }

  /** Where the file is, or would be. */
  public Path path() {
    return dataSet.parts().resolve(dataSet.structure().fileName(index));
  }

  /** Whether this host has the partition's file. */
  public boolean isPresent() {
    return Files.isRegularFile(path());
  }

  /** Bytes of the file that is there, or {@link PartitionListing#NOT_A_FILE}. */
  long foundBytes() throws IOException {
    return isPresent() ? Files.size(path()) : PartitionListing.NOT_A_FILE;
  }

  /** The frames as tiles of about 1 MiB. */
  public TileReader tiles() {
    return tiles(TILE_BYTES);
  }

  /**
   * The frames as tiles of at most so many bytes, but of one frame at least.
   *
   * @throws DataSetException {@code OPTION_INVALID} if the size is not positive, or a frame is
   *     larger than a buffer can be
   */
  public TileReader tiles(long tileBytes) {
    return new TileReader(this, tileBytes);
  }

  /**
   * A handle to write the whole partition, which must not be there yet.
   *
   * @throws DataSetException {@code PARTITION_EXISTS}; {@code IO_FAILED}
   */
  public PartitionWriter write() {
    return PartitionWriter.open(this, false);
  }

  /**
   * A handle to write the whole partition, in place of the one that may be there. That one stays
   * whole and readable until the new one is committed.
   *
   * @throws DataSetException {@code NOT_A_DATA_SET} if a folder is in its place; {@code IO_FAILED}
   */
  public PartitionWriter overwrite() {
    return PartitionWriter.open(this, true);
  }

  /**
   * Deletes the file on this host. A partition that is not there is left at that.
   *
   * @return whether there was a file
   * @throws DataSetException {@code NOT_A_DATA_SET} if a folder is in its place; {@code IO_FAILED}
   */
  public boolean delete() {
    Path path = path();
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw DataSetException.notAFile(path);
    }
    try {
      boolean deleted = Files.deleteIfExists(path);
      if (deleted) {
        Folders.sync(dataSet.parts());
      }
      return deleted;
    } catch (IOException e) {
      throw DataSetException.io(path, "deleting the partition", e);
    }
  }

  /** Opens the file after checking that it is one and has its exact size. */
  FileByteSource open() {
    Path path = path();
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw missing(null);
    }
    // Opening a pipe would wait for a writer for ever.
    if (!Files.isRegularFile(path)) {
      throw DataSetException.notAFile(path);
    }
    FileByteSource file;
    try {
      file = FileByteSource.open(path);
    } catch (NoSuchFileException e) {
      throw missing(e);
    } catch (IOException e) {
      throw DataSetException.io(path, "opening the partition", e);
    }
    try {
      requireSize(file.size());
      return file;
    } catch (IOException e) {
      closeAfter(file, e);
      throw DataSetException.io(path, "opening the partition", e);
    } catch (DataSetException e) {
      closeAfter(file, e);
      throw e;
    }
  }

  private static void closeAfter(FileByteSource file, Exception failure) {
    try {
      file.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Refuses a size that is not the partition's; {@link PartitionListing#NOT_A_FILE} is one. */
  void requireSize(long found) {
    if (found == PartitionListing.NOT_A_FILE) {
      throw DataSetException.notAFile(path());
    }
    if (found != bytes()) {
      throw new DataSetException(
          ErrorCode.PARTITION_SIZE,
          path(),
          "it has " + found + " bytes, but frames " + from() + ":" + to() + " need " + bytes(),
          "Delete the partition and write it again, or restore it from a copy");
    }
  }

  private DataSetException missing(NoSuchFileException cause) {
    return new DataSetException(
        ErrorCode.PARTITION_MISSING,
        path(),
        "partition " + index + " (frames " + from() + ":" + to() + ") is not on this host",
        "Write it, or read on a host that has it",
        cause);
  }

  @Override
  public String toString() {
    return "partition " + index + " [" + from() + ":" + to() + "] of " + dataSet.path();
  }
}
