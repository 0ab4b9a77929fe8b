// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.clusterdata.StreamLedger;
import io.sparkarrays.clusterdata.StreamPiece;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.source.FileBounds;
import io.sparkarrays.spark.source.StreamSink;
import io.sparkarrays.spark.source.StreamTask;
import io.sparkarrays.spark.source.WriteRequest;
import io.sparkarrays.spark.write.FrameRows;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The write of one epoch of a stream into a ClusterDataSet. Partitions are published as soon as all
 * of their frames came, in whatever epochs and tasks; until then frames are kept beside them,
 * because Spark does not give a frame again once its epoch is done.
 *
 * <p>Tasks make {@linkplain StreamPiece pieces} durable. Then the driver writes the {@linkplain
 * StreamLedger ledger}, which decides the epoch, and has the hosts publish what is whole.
 */
final class ClusterStreamSink implements StreamSink {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterStreamSink.class);

  private final SparkSession spark;
  private final WriteOptions options;
  private final Optional<PartitionStructure> standing;
  private final PartitionStructure structure;
  private final String query;
  private final FrameRows rows;
  private final StreamProtocol protocol;
  private Optional<StreamLedger> before = Optional.empty();

  /** Whether any host may have the epoch's ledger. */
  private boolean decided;

  /**
   * The write of an epoch.
   *
   * @param standing the structure of the data set that is there, if one is
   * @param structure the structure to write
   */
  ClusterStreamSink(
      SparkSession spark,
      WriteOptions options,
      Optional<PartitionStructure> standing,
      PartitionStructure structure,
      String query,
      FrameRows rows) {
    this.spark = spark;
    this.options = options;
    this.standing = standing;
    this.structure = structure;
    this.query = query;
    this.rows = rows;
    this.protocol =
        new StreamProtocol(spark, options.path(), structure, query, options.hostsTimeout());
  }

  @Override
  public String description() {
    return "clusterdata " + options.path() + " [stream, " + structure + "]";
  }

  @Override
  public StreamTask.Factory begin(int tasks) {
    if (standing.isEmpty()) {
      create();
    }
    StreamProtocol.State state = protocol.look();
    before = state.ledger().map(protocol::publish);
    protocol.tidy(new StreamProtocol.State(before, state.pieces()));
    Inventory there = protocol.inventory();
    BitSet taken = new BitSet();
    for (int i = 0; i < structure.partitions(); i++) {
      taken.set(i, there.present(i));
    }
    return new ClusterStreamTask.Factory(
        options.path(),
        query,
        structure,
        FileBounds.of(structure.bounds()),
        rows,
        state.decided(),
        taken);
  }

  /** An empty data set, so that all that the stream does is to add partitions. */
  private void create() {
    ClusterFrameSink empty =
        new ClusterFrameSink(spark, options, WriteRequest.Mode.CREATE, true, structure);
    empty.begin();
    empty.commit(List.of());
  }

  @Override
  public void commit(long epoch, List<Serializable> sealed) {
    List<StreamPiece> pieces = new ArrayList<>();
    for (Serializable task : sealed) {
      for (Object piece : (List<?>) task) {
        pieces.add((StreamPiece) piece);
      }
    }
    if (pieces.isEmpty()) {
      // No rows, or those of an epoch that was decided before and is published by now.
      return;
    }
    before.ifPresent(ledger -> pieces.addAll(0, ledger.held()));
    StreamLedger ledger = new StreamLedger(epoch, whole(pieces), pieces);
    refuseAppeared(pieces);
    decided = true;
    protocol.decide(ledger);
    StreamLedger left = protocol.publish(ledger);
    if (!ledger.publishes().isEmpty()) {
      tidyAfterwards(left);
    }
  }

  /** The partitions all of whose frames are there. */
  private SortedSet<Integer> whole(List<StreamPiece> pieces) {
    Map<Integer, FrameIntervals> frames = new TreeMap<>();
    for (StreamPiece piece : pieces) {
      FrameIntervals known = frames.getOrDefault(piece.partition(), FrameIntervals.EMPTY);
      FrameIntervals twice = known.intersect(piece.frames());
      if (!twice.isEmpty()) {
        throw new ArrayException(
            ErrorCode.FRAME_DOUBLED,
            "frame " + twice.from(0) + " of partition " + piece.partition(),
            "two rows of the stream are for it",
            "Give each frame once, by dropDuplicates or a filter");
      }
      frames.put(piece.partition(), known.union(piece.frames()));
    }
    TreeSet<Integer> whole = new TreeSet<>();
    frames.forEach(
        (partition, came) -> {
          if (came.count() == structure.to(partition) - structure.from(partition)) {
            whole.add(partition);
          }
        });
    return whole;
  }

  private void refuseAppeared(List<StreamPiece> pieces) {
    Inventory there = protocol.inventory();
    boolean appeared =
        !there.structure().equals(structure)
            || pieces.stream().anyMatch(piece -> there.present(piece.partition()));
    if (appeared) {
      throw new ArrayException(
          ErrorCode.COMMIT_FAILED,
          options.path(),
          "another job has written the data set while this epoch was running",
          "Nothing of the epoch was published. Let one job at a time write a partition");
    }
  }

  /** The epoch is written, whatever becomes of this. */
  private void tidyAfterwards(StreamLedger left) {
    try {
      protocol.tidy(new StreamProtocol.State(Optional.of(left), protocol.look().pieces()));
    } catch (ArrayException e) {
      LOG.warn("What the epoch {} left is cleared away by the next one", left.epoch(), e);
    }
  }

  @Override
  public void abort(long epoch) {
    if (decided) {
      // The pieces are all that there is of its frames.
      return;
    }
    try {
      protocol.tidy(protocol.look());
    } catch (ArrayException e) {
      LOG.warn("What the failed epoch {} left is cleared away by the next one", epoch, e);
    }
  }
}
