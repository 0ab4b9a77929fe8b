// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.clusterdata.Staging;
import io.sparkarrays.core.ArrayException;
import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The hosts that made a job's hidden data set when the job began, and why others could not.
 *
 * @param ready hosts that have it
 * @param refusals hosts that failed, with what the tasks that land there fail with
 */
record StagedHosts(Set<String> ready, Map<String, ArrayException> refusals)
    implements Serializable {

  StagedHosts {
    ready = new TreeSet<>(ready);
    refusals = new TreeMap<>(refusals);
  }

  /**
   * The hidden data set for a task. A host that came after the job began makes it now. One that
   * failed does not try again: the job may have been given up, and nothing would clear away what a
   * task makes after that.
   */
  ClusterDataSet on(String host, Staging staging, PartitionStructure structure) {
    ArrayException refusal = refusals.get(host);
    if (refusal != null) {
      throw refusal;
    }
    return ready.contains(host) ? staging.staged(structure) : staging.stage(structure, host);
  }
}
