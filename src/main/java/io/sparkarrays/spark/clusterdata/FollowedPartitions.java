// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.FrontierState;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.source.FollowedFile;
import io.sparkarrays.spark.source.FrameKey;
import io.sparkarrays.spark.source.FrameRange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * A ClusterDataSet whose partitions appear one after the other, in any order and on any host. A
 * partition that is there never changes, so which ones were seen says all. One that is deleted
 * after it was seen stays seen.
 */
final class FollowedPartitions implements FollowedFile {

  /** How long until the hosts are asked again: each time is a job. */
  static final Duration INTERVAL = Duration.ofMillis(500);

  private final String path;
  private final Supplier<Inventory> hosts;
  private final PartitionStructure structure;
  private final long first;
  private FrontierState state;
  private Inventory there;
  private long asked;

  /**
   * @param hosts asks all hosts
   * @param there what they said now
   * @param first the first frame that is wanted
   * @param start how far it was followed before
   */
  FollowedPartitions(
      String path, Supplier<Inventory> hosts, Inventory there, long first, FrontierState start) {
    this.path = path;
    this.hosts = hosts;
    this.there = there;
    this.structure = there.structure();
    this.first = first;
    this.state = start;
    this.asked = System.nanoTime();
    take();
  }

  @Override
  public boolean advance(long nanoTime) {
    if (nanoTime - asked < INTERVAL.toNanos()) {
      return false;
    }
    asked = nanoTime;
    there = hosts.get();
    if (!there.structure().equals(structure)) {
      throw new ArrayException(
          ErrorCode.SCAN_CHANGED,
          path,
          "a data set of " + there.structure() + " took the place of one of " + structure,
          "Begin anew with another checkpoint");
    }
    FrontierState before = state;
    take();
    return !state.equals(before);
  }

  /** All that was seen before, and what is there now. */
  private void take() {
    FrameIntervals.Builder present = new FrameIntervals.Builder();
    for (int i = 0; i < structure.partitions(); i++) {
      if (there.present(i)) {
        present.add(structure.from(i), structure.to(i));
      }
    }
    FrameIntervals seen =
        state
            .skipped()
            .complement(state.next())
            .union(present.build())
            .within(first, structure.layout().frames());
    long next = seen.isEmpty() ? state.next() : Math.max(state.next(), seen.to(seen.size() - 1));
    state = new FrontierState(next, seen.complement(next).within(first, next));
  }

  @Override
  public List<FrameRange> ranges(long from, int number) {
    return new ClusterFrameSource(path, there).files().ranges();
  }

  @Override
  public String file() {
    return path;
  }

  /** Hosts have files of their own: the structure tells whether it is another data set. */
  @Override
  public String identity() {
    return FollowedClusterData.IDENTITY;
  }

  @Override
  public Map<String, String> structure() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(structure.toJson().getBytes(StandardCharsets.UTF_8));
      return Map.of("structure", structure + ", SHA-256 " + HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  @Override
  public FrontierState state() {
    return state;
  }

  /** Partitions have no keys. */
  @Override
  public Optional<FrameKey> lastKey() {
    return Optional.empty();
  }

  @Override
  public long key(long frame) {
    return 0;
  }

  @Override
  public Shape scan() {
    return structure.scan();
  }

  @Override
  public OptionalLong most() {
    return OptionalLong.of(structure.layout().frames());
  }

  /** There is no file that would tell, as long as partitions are missing. */
  @Override
  public boolean writing() {
    return !complete();
  }

  @Override
  public long unit() {
    return 1;
  }

  @Override
  public long late() {
    return 0;
  }

  /** Nothing says so but that all partitions are there. */
  @Override
  public boolean finished() {
    return false;
  }

  @Override
  public boolean complete() {
    return state.next() == structure.layout().frames() && state.skipped().isEmpty();
  }

  @Override
  public void close() {}
}
