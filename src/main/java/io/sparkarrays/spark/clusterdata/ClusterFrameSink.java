// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.CommitRecord;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameLayout;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.source.FileBounds;
import io.sparkarrays.spark.source.FrameFileWriter;
import io.sparkarrays.spark.source.FrameSink;
import io.sparkarrays.spark.source.SealedFile;
import io.sparkarrays.spark.source.WriteRequest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One write of a ClusterDataSet, on the driver. */
final class ClusterFrameSink implements FrameSink {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterFrameSink.class);

  private final SparkSession spark;
  private final WriteOptions options;
  private final WriteRequest.Mode mode;
  private final boolean swap;
  private final PartitionStructure structure;
  private final CommitProtocol protocol;
  private final String job = UUID.randomUUID().toString();

  /** What the hosts had when the write began. */
  private Optional<Inventory> before = Optional.empty();

  private boolean decided;

  /**
   * A write under a settled structure.
   *
   * @param swap whether a whole data set is swapped in; otherwise partitions are moved into the one
   *     that stands
   */
  ClusterFrameSink(
      SparkSession spark,
      WriteOptions options,
      WriteRequest.Mode mode,
      boolean swap,
      PartitionStructure structure) {
    this.spark = spark;
    this.options = options;
    this.mode = mode;
    this.swap = swap;
    this.structure = structure;
    this.protocol = new CommitProtocol(spark, options.path(), options.hostsTimeout());
  }

  @Override
  public String description() {
    return "clusterdata "
        + options.path()
        + " ["
        + mode.name().toLowerCase(Locale.ROOT)
        + ", "
        + structure
        + "]";
  }

  @Override
  public FrameLayout layout() {
    return structure.layout();
  }

  @Override
  public Dtype dtype() {
    return structure.dtype();
  }

  @Override
  public FileBounds files() {
    return FileBounds.of(structure.bounds());
  }

  @Override
  public FrameFileWriter.Factory begin() {
    before = inventory();
    before.ifPresent(there -> refuseAppeared(there, new BitSet()));
    BitSet taken = new BitSet();
    if (mode == WriteRequest.Mode.APPEND) {
      before.ifPresent(
          there -> {
            for (int i = 0; i < structure.partitions(); i++) {
              taken.set(i, there.present(i));
            }
          });
    }
    try {
      return new ClusterFileWriter.Factory(
          options.path(), job, structure, taken, protocol.stage(job, structure));
    } catch (ArrayException e) {
      // Spark aborts only what has begun.
      abort();
      throw e;
    }
  }

  private Optional<Inventory> inventory() {
    Inventory.forget(options.path());
    return Inventory.find(spark, options.path(), options.hostsTimeout());
  }

  @Override
  public void commit(List<SealedFile> files) {
    CommitRecord record = record(files);
    if (record.partitions().isEmpty()) {
      protocol.discard(job);
      return;
    }
    protocol.prepare(job, record, structure);
    // From the first host's rename on, the write is finished, never undone.
    decided = true;
    long start = System.nanoTime();
    try {
      protocol.publish(job, record);
    } catch (RuntimeException e) {
      // A host that was late may still be publishing.
      boolean late = System.nanoTime() - start >= options.hostsTimeout().toNanos();
      boolean undone = !late && undo(record, e);
      throw new ArrayException(
          ErrorCode.COMMIT_FAILED,
          options.path(),
          (undone ? "nothing was published" : "not every host published what it had prepared")
              + ": "
              + e.getMessage(),
          undone
              ? "Mend the cause, and write again"
              : "The next write to this path finishes or undoes it on all hosts",
          e);
    } finally {
      Inventory.forget(options.path());
    }
  }

  private boolean undo(CommitRecord record, RuntimeException failure) {
    try {
      return protocol.undo(job, record);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  private CommitRecord record(List<SealedFile> files) {
    BitSet written = new BitSet();
    Set<String> partakers = new TreeSet<>();
    for (SealedFile file : files) {
      written.set(file.file());
      partakers.add(file.host());
    }
    Optional<Inventory> there = inventory();
    there.ifPresent(inventory -> refuseAppeared(inventory, written));
    // A host that has just lost its executor is not asked now, but still has what it had.
    Stream.of(before, there)
        .flatMap(Optional::stream)
        .forEach(inventory -> partakers.addAll(givingUp(inventory, written)));
    SortedMap<String, String> owners = protocol.owners(job, partakers);
    if (swap && partakers.isEmpty()) {
      // No rows: an empty data set all the same, on one host.
      partakers.add(owners.firstKey());
    }
    TreeMap<String, List<Integer>> partitions = new TreeMap<>();
    partakers.forEach(host -> partitions.put(owners.get(host), new ArrayList<>()));
    files.forEach(file -> partitions.get(owners.get(file.host())).add(file.file()));
    return new CommitRecord(swap, partitions);
  }

  /** The hosts that have something which this write replaces. */
  private List<String> givingUp(Inventory inventory, BitSet written) {
    return inventory.hostsWithDataSet().stream()
        .filter(host -> swap || written.stream().anyMatch(i -> inventory.copies(i).contains(host)))
        .toList();
  }

  /** What another write published since this one began must not be replaced by surprise. */
  private void refuseAppeared(Inventory inventory, BitSet written) {
    boolean appeared =
        switch (mode) {
          case CREATE -> true;
          case APPEND ->
              swap
                  || !inventory.structure().equals(structure)
                  || written.stream().anyMatch(inventory::present);
          case OVERWRITE_FILES -> swap || !inventory.structure().equals(structure);
          case OVERWRITE_ALL -> false;
        };
    if (appeared) {
      throw new ArrayException(
          ErrorCode.COMMIT_FAILED,
          options.path(),
          "another job has written the data set while this one was running",
          "Nothing of this one was published. Let one job at a time write a data set");
    }
  }

  @Override
  public void abort() {
    if (decided) {
      return;
    }
    try {
      protocol.discard(job);
    } catch (ArrayException e) {
      LOG.warn("What the failed write {} left is cleared away by the next one", job, e);
    }
  }
}
