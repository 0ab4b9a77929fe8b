// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.DataSetException;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.hosts.HostTask;
import io.sparkarrays.spark.hosts.Hosts;
import io.sparkarrays.spark.options.PathOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What can be done with a ClusterDataSet on all hosts of a Spark cluster at once, besides reading
 * and writing it as a table. {@link ClusterDataSet} does the same for one host, without Spark.
 *
 * <p>Hosts have the time to answer that setting {@link Hosts#TIMEOUT_KEY} gives them. A path is
 * absolute and the same on every host; a {@code file:} URI will do.
 */
public final class ClusterDataSets {

  private ClusterDataSets() {}

  /**
   * Describes a data set: its structure, and what each host has of it. Asks all hosts anew. A host
   * that does not answer is named in the description.
   *
   * @throws ArrayException {@code PATH_NOT_FOUND}, {@code NOT_A_DATA_SET}, {@code
   *     STRUCTURE_INVALID}, {@code SIDECARS_DIFFER}, {@code PARTITION_SIZE}, {@code
   *     PARTITION_COPIES_DIFFER}; {@code HOSTS_UNKNOWN} if no host that answered has anything
   */
  public static DataSetDescription describe(SparkSession spark, String path) {
    String base = absolute(path);
    Duration timeout = Hosts.timeout(spark);
    Inventory.forget(base);
    Inventory there = Inventory.of(spark, base, timeout);
    SortedMap<String, List<Integer>> partitions = new TreeMap<>();
    there.answered().forEach(host -> partitions.put(host, new ArrayList<>()));
    for (int i = 0; i < there.structure().partitions(); i++) {
      for (String host : there.copies(i)) {
        partitions.get(host).add(i);
      }
    }
    TreeSet<String> writes = new TreeSet<>();
    if (there.silent().isEmpty()) {
      Inventory.leftovers(spark, base, timeout)
          .values()
          .forEach(jobs -> jobs.forEach(left -> writes.add(left.job())));
    }
    return new DataSetDescription(base, there.structure(), partitions, there.silent(), writes);
  }

  /**
   * Checks a data set where it lies: every host checks its sidecar and the sizes of its partitions,
   * then sidecars and copies are compared between hosts. That partitions are missing is no fault.
   *
   * @return true
   * @throws DataSetException with the codes of {@link #describe}; {@code HOSTS_UNKNOWN} also if
   *     just one host is silent
   */
  public static boolean checkValid(SparkSession spark, String path) {
    String base = absolute(path);
    Duration timeout = Hosts.timeout(spark);
    HostTask<Boolean> check =
        () -> {
          Path folder = Path.of(base);
          return !Files.exists(folder.resolve(ClusterDataSet.SIDECAR))
              || ClusterDataSet.open(folder).checkValid();
        };
    try {
      Hosts.ask(spark, check, timeout).requireComplete(base);
      Inventory.forget(base);
      Inventory.of(spark, base, timeout);
      return true;
    } catch (DataSetException e) {
      throw e;
    } catch (ArrayException e) {
      throw new DataSetException(
          e.code(), base, "it is not valid: " + e.getMessage(), "Check again afterwards", e);
    }
  }

  /**
   * Deletes partitions on every host that has them; of a partition that no host has, nothing. Like
   * a write it first finishes or undoes what interrupted writes have left, so let none run.
   *
   * @param partitions indexes of partitions
   * @return the partitions that each host had, for hosts that had any
   * @throws ArrayException {@code OPTION_INVALID} if the data set has no partition of an index,
   *     {@code PATH_NOT_FOUND}, {@code NOT_A_DATA_SET}, {@code SIDECARS_DIFFER}; {@code
   *     HOSTS_UNKNOWN} if a host is silent, then it may have kept copies; {@code COMMIT_FAILED} if
   *     a host went away meanwhile
   */
  public static SortedMap<String, List<Integer>> delete(
      SparkSession spark, String path, int... partitions) {
    String base = absolute(path);
    Duration timeout = Hosts.timeout(spark);
    new CommitProtocol(spark, base, timeout).recover(Inventory.leftovers(spark, base, timeout));
    // Not by the inventory, which refuses files of a wrong size: they are what one wants to delete.
    Map<String, HostInventory> having =
        new TreeMap<>(
            Hosts.ask(spark, () -> HostInventory.take(Path.of(base)), timeout)
                .requireComplete(base)
                .answers());
    having.values().removeIf(host -> host.structure() == null);
    PartitionStructure structure = onlyStructure(base, having);
    int[] wanted = Arrays.stream(partitions).sorted().distinct().toArray();
    requireIndexes(base, structure, wanted);
    SortedMap<String, List<Integer>> deleted = new TreeMap<>();
    having.forEach(
        (host, files) -> {
          List<Integer> there =
              Arrays.stream(wanted)
                  .filter(index -> files.files().bytesOf(index).isPresent())
                  .boxed()
                  .toList();
          if (!there.isEmpty()) {
            deleted.put(host, there);
          }
        });
    try {
      deleteOnHosts(spark, base, structure, wanted, deleted, timeout);
    } finally {
      Inventory.forget(base);
    }
    return deleted;
  }

  /**
   * Copies a table of frames into a ClusterDataSet, and gives the table of the copy. Only the
   * partitions are written that no host has yet: a second time costs nothing, and an interrupted
   * one goes on where it was. That the source is still what was copied is not checked.
   *
   * @param frames a table with {@code frame_index}, the columns of the scan's dimensions if it has
   *     several, and one column of frames
   * @param path where the copy is, the same on every host
   * @throws ArrayException {@code STRUCTURE_DIFFERS} if there is a copy of another structure,
   *     {@code COLUMN_MISSING}, {@code FRAMES_MISSING} if the table has only some of a partition's
   *     frames, {@code OPTION_MISSING} if the table does not tell the scan's shape; and what
   *     reading and writing throw
   */
  public static Dataset<Row> cache(Dataset<Row> frames, String path) {
    return cache(frames, path, Map.of());
  }

  /**
   * As {@link #cache(Dataset, String)}.
   *
   * @param options options of the write: {@code partitions}, {@code scanShape}, …
   */
  public static Dataset<Row> cache(Dataset<Row> frames, String path, Map<String, String> options) {
    return new CachedFrames(frames, absolute(path), options).fill();
  }

  private static void deleteOnHosts(
      SparkSession spark,
      String base,
      PartitionStructure structure,
      int[] wanted,
      SortedMap<String, List<Integer>> owners,
      Duration timeout) {
    HostTask<Boolean> delete =
        () -> {
          Path folder = Path.of(base);
          // A host that has no part in the data set has no sidecar either.
          if (Files.exists(folder.resolve(ClusterDataSet.SIDECAR))) {
            ClusterDataSet here = ClusterDataSet.open(folder);
            if (!here.structure().equals(structure)) {
              throw new ArrayException(
                  ErrorCode.STRUCTURE_DIFFERS,
                  base,
                  "another job has replaced the data set meanwhile",
                  "Look at it again before deleting from it");
            }
            for (int index : wanted) {
              here.partition(index).delete();
            }
          }
          return true;
        };
    TreeSet<String> left = new TreeSet<>(owners.keySet());
    left.removeAll(Hosts.ask(spark, delete, timeout).requireComplete(base).answers().keySet());
    if (!left.isEmpty()) {
      throw new ArrayException(
          ErrorCode.COMMIT_FAILED,
          base,
          "the other hosts have deleted, but " + left + " lost their executors before",
          "Delete again when they are back");
    }
  }

  private static PartitionStructure onlyStructure(String base, Map<String, HostInventory> having) {
    Map<PartitionStructure, List<String>> structures =
        having.entrySet().stream()
            .collect(
                Collectors.groupingBy(
                    host -> host.getValue().structure(),
                    Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
    if (structures.isEmpty()) {
      throw new ArrayException(
          ErrorCode.PATH_NOT_FOUND, base, "no host has a data set there", "Check the path");
    }
    if (structures.size() > 1) {
      throw new ArrayException(
          ErrorCode.SIDECARS_DIFFER,
          base,
          "hosts have different data sets: " + structures,
          "Remove the folders that are not wanted");
    }
    return structures.keySet().iterator().next();
  }

  private static void requireIndexes(String base, PartitionStructure structure, int[] wanted) {
    for (int index : wanted) {
      if (index < 0 || index >= structure.partitions()) {
        throw new ArrayException(
            ErrorCode.OPTION_INVALID,
            base,
            "there is no partition " + index,
            "Its partitions are 0 to " + (structure.partitions() - 1));
      }
    }
  }

  private static String absolute(String path) {
    return PathOption.of(Map.of("path", path));
  }
}
