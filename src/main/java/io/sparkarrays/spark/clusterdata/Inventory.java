// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.Leftover;
import io.sparkarrays.clusterdata.PartitionListing;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.hosts.HostAnswers;
import io.sparkarrays.spark.hosts.Hosts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.SparkSession;

/**
 * What all hosts have of one data set, put together. The hosts' answers are kept for a short time,
 * so that the planning of one query asks once. Immutable.
 */
final class Inventory {

  /** How long answers are believed. */
  private static final Duration TIME_TO_LIVE = Duration.ofSeconds(5);

  private static final Map<String, Kept> KEPT = new ConcurrentHashMap<>();

  private record Kept(HostAnswers<HostInventory> answers, long since) {
    boolean isFresh() {
      return System.nanoTime() - since < TIME_TO_LIVE.toNanos();
    }
  }

  private final PartitionStructure structure;
  private final List<List<String>> copies;
  private final SortedSet<String> withDataSet;
  private final SortedSet<String> answered;
  private final SortedSet<String> silent;

  private Inventory(
      PartitionStructure structure,
      List<List<String>> copies,
      SortedSet<String> withDataSet,
      SortedSet<String> answered,
      SortedSet<String> silent) {
    this.structure = structure;
    this.copies = copies;
    this.withDataSet = withDataSet;
    this.answered = answered;
    this.silent = silent;
  }

  /**
   * The data set at a path.
   *
   * @throws ArrayException {@code PATH_NOT_FOUND}, {@code HOSTS_UNKNOWN}, and as {@link #find}
   */
  static Inventory of(SparkSession spark, String path, Duration timeout) {
    return find(spark, path, timeout)
        .orElseThrow(
            () ->
                new ArrayException(
                    ErrorCode.PATH_NOT_FOUND,
                    path,
                    "no data set is there on " + ask(spark, path, timeout).answers().keySet(),
                    "Check the path; to create a data set, give option scanShape or structure"));
  }

  /**
   * The data set at a path, if any host has one.
   *
   * @throws ArrayException {@code NOT_A_DATA_SET}, {@code SIDECARS_DIFFER}, {@code PARTITION_SIZE},
   *     {@code PARTITION_COPIES_DIFFER}, {@code STRUCTURE_INVALID}; {@code HOSTS_UNKNOWN} if no
   *     host that answered has one, and others are silent
   */
  static Optional<Inventory> find(SparkSession spark, String path, Duration timeout) {
    HostAnswers<HostInventory> answers = ask(spark, path, timeout);
    refuseOccupied(path, answers.answers());
    SortedMap<String, HostInventory> having = new TreeMap<>(answers.answers());
    having.values().removeIf(host -> host.structure() == null);
    if (having.isEmpty()) {
      answers.requireComplete(path);
      return Optional.empty();
    }
    PartitionStructure structure = commonStructure(path, having);
    return Optional.of(
        new Inventory(
            structure,
            copies(path, structure, having),
            sorted(having.keySet()),
            sorted(answers.answers().keySet()),
            answers.silent()));
  }

  /** What writes have left beside a data set, for each host that answered; asks anew. */
  static Map<String, List<Leftover>> leftovers(SparkSession spark, String path, Duration timeout) {
    forget(path);
    Map<String, List<Leftover>> leftovers = new TreeMap<>();
    ask(spark, path, timeout)
        .requireComplete(path)
        .answers()
        .forEach((host, answer) -> leftovers.put(host, answer.leftovers()));
    return leftovers;
  }

  /** Has the next question about a path asked anew, after a write for instance. */
  static void forget(String path) {
    KEPT.keySet().removeIf(key -> key.endsWith("\n" + path));
  }

  private static HostAnswers<HostInventory> ask(SparkSession spark, String path, Duration timeout) {
    KEPT.values().removeIf(kept -> !kept.isFresh());
    String key = spark.sparkContext().applicationId() + "\n" + path;
    Kept kept = KEPT.get(key);
    if (kept == null) {
      HostAnswers<HostInventory> answers =
          Hosts.ask(spark, () -> HostInventory.take(Path.of(path)), timeout);
      kept = new Kept(answers, System.nanoTime());
      if (answers.complete()) {
        KEPT.put(key, kept);
      }
    }
    return kept.answers();
  }

  private static void refuseOccupied(String path, Map<String, HostInventory> answers) {
    answers.forEach(
        (host, answer) -> {
          if (answer.occupied()) {
            throw new ArrayException(
                ErrorCode.NOT_A_DATA_SET,
                path + " on " + host,
                "something is there, but without a structure sidecar structure.json",
                "Give the folder of a ClusterDataSet, or a path where nothing is");
          }
        });
  }

  private static PartitionStructure commonStructure(
      String path, SortedMap<String, HostInventory> having) {
    String first = having.firstKey();
    PartitionStructure structure = having.get(first).structure();
    having.forEach(
        (host, answer) -> {
          if (!answer.structure().equals(structure)) {
            throw new ArrayException(
                ErrorCode.SIDECARS_DIFFER,
                path,
                first + " has " + structure + ", but " + host + " has " + answer.structure(),
                having.values().stream().allMatch(h -> h.leftovers().isEmpty())
                    ? "Remove the folder that is not wanted"
                    : "A write is running or was interrupted. Let it end, else write again with"
                        + " option scanShape or structure, which finishes or undoes it first");
          }
        });
    return structure;
  }

  private static List<List<String>> copies(
      String path, PartitionStructure structure, SortedMap<String, HostInventory> having) {
    List<List<String>> copies = new ArrayList<>(Collections.nCopies(structure.partitions(), null));
    having.forEach(
        (host, answer) -> {
          PartitionListing files = answer.files();
          for (int n = 0; n < files.size() && files.index(n) < structure.partitions(); n++) {
            int partition = files.index(n);
            if (copies.get(partition) == null) {
              copies.set(partition, new ArrayList<>(1));
            }
            copies.get(partition).add(host);
          }
        });
    // Sizes in a second pass: whether a wrong one is a bad file or a bad copy takes all hosts.
    having.forEach((host, answer) -> checkSizes(path, structure, having, copies, host));
    return copies;
  }

  private static void checkSizes(
      String path,
      PartitionStructure structure,
      SortedMap<String, HostInventory> having,
      List<List<String>> copies,
      String host) {
    PartitionListing files = having.get(host).files();
    for (int n = 0; n < files.size() && files.index(n) < structure.partitions(); n++) {
      int partition = files.index(n);
      long wanted = structure.partitionBytes(partition);
      if (files.bytes(n) == wanted) {
        continue;
      }
      String file = path + "/parts/" + structure.fileName(partition);
      String found =
          files.bytes(n) == PartitionListing.NOT_A_FILE
              ? "no file"
              : "a file of " + files.bytes(n) + " bytes";
      for (String other : copies.get(partition)) {
        long size = having.get(other).files().bytesOf(partition).orElse(files.bytes(n));
        if (size != files.bytes(n)) {
          throw new ArrayException(
              ErrorCode.PARTITION_COPIES_DIFFER,
              file,
              host + " has " + found + ", but " + other + " has " + size + " bytes",
              "Frames "
                  + structure.from(partition)
                  + ":"
                  + structure.to(partition)
                  + " need "
                  + wanted
                  + " bytes: delete the other copy");
        }
      }
      throw new ArrayException(
          ErrorCode.PARTITION_SIZE,
          file,
          host + " has " + found + " where its frames need " + wanted + " bytes",
          "Delete the partition and write it again");
    }
  }

  private static SortedSet<String> sorted(java.util.Collection<String> hosts) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(hosts));
  }

  /** The structure that all sidecars say. */
  PartitionStructure structure() {
    return structure;
  }

  /** Whether any host has a partition. */
  boolean present(int partition) {
    return copies.get(partition) != null;
  }

  /** The hosts that have a partition, by name. */
  List<String> copies(int partition) {
    return present(partition) ? List.copyOf(copies.get(partition)) : List.of();
  }

  /**
   * The hosts to read a partition on; empty if it makes no difference, because all hosts have it:
   * one host only, or a shared file system.
   */
  List<String> hosts(int partition) {
    List<String> having = copies(partition);
    return having.size() == answered.size() && silent.isEmpty() ? List.of() : having;
  }

  /** The hosts that have a sidecar. */
  SortedSet<String> hostsWithDataSet() {
    return withDataSet;
  }

  /** The hosts that were asked and answered. */
  SortedSet<String> answered() {
    return answered;
  }

  /** The hosts that did not answer in time. */
  SortedSet<String> silent() {
    return silent;
  }
}
