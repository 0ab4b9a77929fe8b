// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.PartitionStructure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A ClusterDataSet and where its partitions are. Every partition listed has its exact size, {@link
 * PartitionStructure#partitionBytes}. Immutable.
 *
 * @param path the data set's path, the same on every host
 * @param structure what the sidecars say, all the same
 * @param partitions the partitions of each host that answered, by its name; a host without any has
 *     an empty list
 * @param silent the hosts that did not answer in time: what they have is unknown
 * @param writes the jobs that are writing, or were interrupted when they did; unknown, so empty,
 *     while hosts are silent
 */
public record DataSetDescription(
    String path,
    PartitionStructure structure,
    SortedMap<String, List<Integer>> partitions,
    SortedSet<String> silent,
    SortedSet<String> writes) {

  /** Copies the collections. */
  public DataSetDescription {
    SortedMap<String, List<Integer>> copy = new TreeMap<>();
    partitions.forEach((host, list) -> copy.put(host, List.copyOf(list)));
    partitions = Collections.unmodifiableSortedMap(copy);
    silent = Collections.unmodifiableSortedSet(new TreeSet<>(silent));
    writes = Collections.unmodifiableSortedSet(new TreeSet<>(writes));
  }

  /** The hosts that have a partition, by name. */
  public List<String> hosts(int partition) {
    return partitions.entrySet().stream()
        .filter(host -> Collections.binarySearch(host.getValue(), partition) >= 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The partitions that none of the hosts that answered has, in order. */
  public List<Integer> missing() {
    TreeSet<Integer> present = new TreeSet<>();
    partitions.values().forEach(present::addAll);
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; i < structure.partitions(); i++) {
      if (!present.contains(i)) {
        missing.add(i);
      }
    }
    return Collections.unmodifiableList(missing);
  }
}
