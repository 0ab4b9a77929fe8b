// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.PartitionListing;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.hosts.HostAnswers;
import io.sparkarrays.spark.source.Finding;
import io.sparkarrays.spark.source.StoredFile;
import io.sparkarrays.spark.source.StoredFiles;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the hosts have of one ClusterDataSet, put together without refusing anything. The structure
 * is the one that most sidecars tell; of several such, that of the first host by name.
 */
final class FilesOnHosts {

  private final SortedMap<String, HostFiles> hosts;
  private final PartitionStructure structure;
  private final String teller;
  private final List<Finding> findings = new ArrayList<>();

  private FilesOnHosts(SortedMap<String, HostFiles> hosts, String teller) {
    this.hosts = hosts;
    this.teller = teller;
    this.structure = hosts.get(teller).structure();
  }

  /**
   * Puts the answers together.
   *
   * @throws ArrayException {@code HOSTS_UNKNOWN}, {@code STRUCTURE_INVALID}, {@code
   *     NOT_A_DATA_SET}, {@code PATH_NOT_FOUND} if no host has a sidecar that can be read
   */
  static StoredFiles of(String path, HostAnswers<HostFiles> answers) {
    SortedMap<String, HostFiles> hosts = answers.answers();
    FilesOnHosts all = new FilesOnHosts(hosts, teller(path, answers));
    hosts.forEach(all::judge);
    List<StoredFile> files = all.files();
    TreeSet<String> writes = new TreeSet<>();
    hosts.values().forEach(host -> writes.addAll(host.jobs()));
    return new StoredFiles(
        path, files, all.findings, writes, new TreeSet<>(hosts.keySet()), answers.silent());
  }

  /** The first host that has the structure of most. */
  private static String teller(String path, HostAnswers<HostFiles> answers) {
    Map<PartitionStructure, Integer> votes = new HashMap<>();
    for (HostFiles host : answers.answers().values()) {
      if (host.structure() != null) {
        votes.merge(host.structure(), 1, Integer::sum);
      }
    }
    if (votes.isEmpty()) {
      throw nothing(path, answers);
    }
    int most = Collections.max(votes.values());
    for (Map.Entry<String, HostFiles> host : answers.answers().entrySet()) {
      PartitionStructure told = host.getValue().structure();
      if (told != null && votes.get(told) == most) {
        return host.getKey();
      }
    }
    throw new IllegalStateException();
  }

  private static ArrayException nothing(String path, HostAnswers<HostFiles> answers) {
    answers.requireComplete(path);
    for (Map.Entry<String, HostFiles> entry : answers.answers().entrySet()) {
      HostFiles host = entry.getValue();
      String where = path + " on " + entry.getKey();
      if (host.sidecarFault() != null) {
        return new ArrayException(
            host.sidecarBytes() < 0 && host.partitionFiles() == 0
                ? ErrorCode.NOT_A_DATA_SET
                : ErrorCode.STRUCTURE_INVALID,
            where,
            "no host has a sidecar that can be read: " + host.sidecarFault(),
            "Restore " + ClusterDataSet.SIDECAR);
      }
      if (host.listingFault() != null) {
        return new ArrayException(
            ErrorCode.IO_FAILED, where, host.listingFault(), "Look at that host");
      }
      if (!host.strays().isEmpty() || host.partitionFiles() > 0) {
        return new ArrayException(
            ErrorCode.NOT_A_DATA_SET,
            where,
            "something is there, but no host has the sidecar " + ClusterDataSet.SIDECAR,
            "Give the folder of a ClusterDataSet, or restore its sidecar");
      }
    }
    return new ArrayException(
        ErrorCode.PATH_NOT_FOUND,
        path,
        "no data set is there on " + answers.answers().keySet(),
        "Check the path");
  }

  private void judge(String name, HostFiles host) {
    if (host.listingFault() != null) {
      add(Finding.Kind.UNREADABLE, "", name, host.listingFault());
    }
    if (host.sidecarFault() != null) {
      add(Finding.Kind.SIDECAR, ClusterDataSet.SIDECAR, name, host.sidecarFault());
    } else if (host.structure() == null && host.partitionFiles() > 0) {
      add(
          Finding.Kind.SIDECAR,
          ClusterDataSet.SIDECAR,
          name,
          "it is missing beside " + host.partitionFiles() + " partition files");
    } else if (differs(host)) {
      add(
          Finding.Kind.SIDECAR,
          ClusterDataSet.SIDECAR,
          name,
          "it tells "
              + host.structure()
              + ", but "
              + teller
              + " has "
              + structure
              + "; its "
              + host.partitionFiles()
              + " partition files are passed over");
    }
    for (String stray : host.strays()) {
      add(Finding.Kind.STRAY, stray, name, "it is no part of the data set");
    }
    if (!differs(host) && host.files() != null) {
      strayPartitions(name, host.files());
    }
  }

  private boolean differs(HostFiles host) {
    return host.structure() != null && !host.structure().equals(structure);
  }

  private void strayPartitions(String host, PartitionListing files) {
    for (int n = 0; n < files.size(); n++) {
      if (files.index(n) >= structure.partitions()) {
        add(
            Finding.Kind.STRAY,
            name(files.index(n)),
            host,
            "the data set has partitions 0 to " + (structure.partitions() - 1));
      }
    }
  }

  private static String name(int partition) {
    return ClusterDataSet.PARTS + "/" + PartitionListing.fileName(partition);
  }

  private List<StoredFile> files() {
    List<StoredFile> files = new ArrayList<>(structure.partitions() + 1);
    SortedMap<String, Long> sidecars = new TreeMap<>();
    hosts.forEach(
        (name, host) -> {
          if (host.structure() != null && !differs(host)) {
            sidecars.put(name, host.sidecarBytes());
          }
        });
    files.add(new StoredFile(ClusterDataSet.SIDECAR, "sidecar", StoredFile.ANY_SIZE, sidecars));
    for (int i = 0; i < structure.partitions(); i++) {
      SortedMap<String, Long> copies = new TreeMap<>();
      for (Map.Entry<String, HostFiles> host : hosts.entrySet()) {
        if (!differs(host.getValue()) && host.getValue().files() != null) {
          host.getValue().files().bytesOf(i).ifPresent(b -> copies.put(host.getKey(), b));
        }
      }
      files.add(
          new StoredFile(
              name(i),
              "partition " + i + " (frames " + structure.from(i) + ":" + structure.to(i) + ")",
              structure.partitionBytes(i),
              copies));
    }
    return files;
  }

  private void add(Finding.Kind kind, String file, String host, String text) {
    findings.add(new Finding(kind, file, host, text));
  }
}
