// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many of a task's bytes each host has, to name those to the scheduler that have most. */
final class HostWeights {

  /** A host is named if it has this part of the bytes. */
  private static final int WORTH = 3;

  private static final int MOST_HOSTS = 3;

  private final Map<String, Long> weights = new HashMap<>();
  private long total;

  /** Bytes that each of some hosts has, or none. */
  void add(List<String> hosts, long bytes) {
    total += bytes;
    for (String host : hosts) {
      weights.merge(host, bytes, Long::sum);
    }
  }

  /** The hosts to name, the one with most bytes first. */
  List<String> most() {
    long least = total / WORTH;
    return weights.entrySet().stream()
        .filter(weight -> weight.getValue() >= least)
        .sorted(
            Comparator.comparing((Map.Entry<String, Long> weight) -> -weight.getValue())
                .thenComparing(Map.Entry::getKey))
        .limit(MOST_HOSTS)
        .map(Map.Entry::getKey)
        .toList();
  }
}
