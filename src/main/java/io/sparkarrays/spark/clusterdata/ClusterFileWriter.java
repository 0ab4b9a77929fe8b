// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.Partition;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.clusterdata.PartitionWriter;
import io.sparkarrays.clusterdata.Staging;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.source.FrameFileWriter;
import io.sparkarrays.spark.source.SealedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;

/** Writes one partition in a task, into the staged data set of its write job. */
final class ClusterFileWriter implements FrameFileWriter {

  private final Partition partition;
  private final PartitionWriter handle;
  private final String host;
  private final long bytes;

  private ClusterFileWriter(Partition partition, PartitionWriter handle, String host, long bytes) {
    this.partition = partition;
    this.handle = handle;
    this.host = host;
    this.bytes = bytes;
  }

  /**
   * What tasks need to begin a partition.
   *
   * @param base the data set's path
   * @param job the write job
   * @param structure the structure to write
   * @param taken partitions that are published and may not be written again
   * @param hosts where the staged data set was made when the job began
   */
  record Factory(
      String base, String job, PartitionStructure structure, BitSet taken, StagedHosts hosts)
      implements FrameFileWriter.Factory {
    @Override
    public FrameFileWriter open(int file, String host) throws IOException {
      if (taken.get(file)) {
        throw new ArrayException(
            ErrorCode.PARTITION_EXISTS,
            base + " partition " + file,
            "it is published already, and rows for its frames "
                + structure.from(file)
                + ":"
                + structure.to(file)
                + " are to be appended",
            "Leave these frames out, or use mode overwrite with option overwriteMode = partitions");
      }
      Staging staging = Staging.of(Path.of(base), job);
      Partition partition = hosts.on(host, staging, structure).partition(file);
      // An earlier attempt of this task on this host may have sealed the same partition.
      return new ClusterFileWriter(
          partition, partition.overwrite(), host, structure.partitionBytes(file));
    }
  }

  @Override
  public void write(long frame, ByteBuffer bytes) throws IOException {
    handle.write(frame, bytes);
  }

  @Override
  public SealedFile seal() throws IOException {
    handle.commit();
    return new SealedFile(partition.index(), host, bytes);
  }

  @Override
  public void unseal() throws IOException {
    partition.delete();
  }

  @Override
  public void close() throws IOException {
    handle.close();
  }
}
