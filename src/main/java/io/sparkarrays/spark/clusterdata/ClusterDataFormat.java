// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.Leftover;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.hosts.Hosts;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.options.StreamOptions;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.source.ArrayFormat;
import io.sparkarrays.spark.source.FollowedSource;
import io.sparkarrays.spark.source.FrameSink;
import io.sparkarrays.spark.source.FrameSource;
import io.sparkarrays.spark.source.StoredFiles;
import io.sparkarrays.spark.source.StreamRequest;
import io.sparkarrays.spark.source.StreamSink;
import io.sparkarrays.spark.source.WriteRequest;
import io.sparkarrays.spark.write.FrameRows;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** LiberTEM's ClusterDataSet: raw partition files on the disks of the hosts, and a JSON sidecar. */
public final class ClusterDataFormat implements ArrayFormat {

  /** Made by {@link java.util.ServiceLoader}. */
  public ClusterDataFormat() {}

  @Override
  public String name() {
    return "clusterdata";
  }

  /** Asked before a write: what an interrupted one has left half-way is put in order first. */
  @Override
  public boolean exists(SparkSession spark, WriteOptions options) {
    settle(spark, options);
    return Inventory.find(spark, options.path(), options.hostsTimeout()).isPresent();
  }

  @Override
  public FrameSource open(SparkSession spark, ReadOptions options) {
    return new ClusterFrameSource(
        options.path(), Inventory.of(spark, options.path(), options.hostsTimeout()));
  }

  @Override
  public boolean tellsStored() {
    return true;
  }

  @Override
  public StoredFiles stored(SparkSession spark, ReadOptions options) {
    String path = options.path();
    Inventory.forget(path);
    return FilesOnHosts.of(
        path, Hosts.ask(spark, () -> HostFiles.take(Path.of(path)), options.hostsTimeout()));
  }

  @Override
  public FrameSink write(SparkSession spark, WriteRequest request) {
    WriteOptions options = request.options();
    settle(spark, options);
    Optional<PartitionStructure> standing =
        Inventory.find(spark, options.path(), options.hostsTimeout()).map(Inventory::structure);
    if (standing.isPresent() && request.mode() == WriteRequest.Mode.CREATE) {
      throw new ArrayException(
          ErrorCode.COMMIT_FAILED,
          options.path(),
          "a data set stands there",
          "Use mode append, overwrite or ignore, or another path");
    }
    boolean swap = standing.isEmpty() || request.mode() == WriteRequest.Mode.OVERWRITE_ALL;
    PartitionStructure structure =
        swap
            ? StructurePlan.ofNew(request, standing)
            : StructurePlan.ofStanding(request, standing.get());
    return new ClusterFrameSink(spark, options, request.mode(), swap, structure);
  }

  @Override
  public boolean takesStreams() {
    return true;
  }

  @Override
  public StreamSink writeStream(SparkSession spark, StreamRequest request) {
    WriteOptions options = request.options();
    if (request.complete()) {
      throw new ArrayException(
          ErrorCode.OPERATION_UNSUPPORTED,
          options.path(),
          "output mode complete writes all frames anew in each epoch, but partitions are immutable",
          "Use outputMode append");
    }
    settle(spark, options);
    Optional<PartitionStructure> standing =
        Inventory.find(spark, options.path(), options.hostsTimeout()).map(Inventory::structure);
    WriteRequest write = FrameRows.request(options, WriteRequest.Mode.APPEND, request.rows());
    PartitionStructure structure =
        standing
            .map(there -> StructurePlan.ofStanding(write, there))
            .orElseGet(() -> StructurePlan.ofNew(write, standing));
    return new ClusterStreamSink(
        spark,
        options,
        standing,
        structure,
        request.query(),
        FrameRows.of(request.rows(), structure.layout(), structure.dtype()));
  }

  @Override
  public boolean follows() {
    return true;
  }

  @Override
  public FollowedSource follow(ReadOptions options, StreamOptions stream, FrameSource source) {
    return new FollowedClusterData(SparkSession.active(), options, stream.startingIndex(), source);
  }

  /** Finishes or undoes interrupted writes. Where there is none, the answers still hold. */
  private static void settle(SparkSession spark, WriteOptions options) {
    Map<String, List<Leftover>> leftovers =
        Inventory.leftovers(spark, options.path(), options.hostsTimeout());
    if (leftovers.values().stream().anyMatch(jobs -> !jobs.isEmpty())) {
      new CommitProtocol(spark, options.path(), options.hostsTimeout()).recover(leftovers);
      Inventory.forget(options.path());
    }
  }
}
