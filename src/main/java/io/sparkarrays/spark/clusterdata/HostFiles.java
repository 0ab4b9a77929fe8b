// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.Leftover;
import io.sparkarrays.clusterdata.PartitionListing;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.clusterdata.StrayFiles;
import io.sparkarrays.core.ArrayException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What one host has of a data set that may be damaged. {@link HostInventory} is the same for reads
 * and writes, and refuses damage at once.
 *
 * @param structure its sidecar, or null where there is none or a damaged one
 * @param sidecarFault what is wrong with the sidecar that is there, or null
 * @param sidecarBytes the sidecar's size; -1 without one
 * @param files its partition files, or null if they can't be listed
 * @param listingFault why not, or null
 * @param strays what is no part of a data set
 * @param jobs the jobs that have something beside the data set
 */
record HostFiles(
    PartitionStructure structure,
    String sidecarFault,
    long sidecarBytes,
    PartitionListing files,
    String listingFault,
    List<String> strays,
    List<String> jobs)
    implements Serializable {

  /** More are not listed. */
  private static final int MOST_STRAYS = 100;

  /** Looks at a path on this host. Creates nothing. */
  static HostFiles take(Path path) {
    PartitionStructure structure = null;
    String sidecarFault = null;
    long sidecarBytes = -1;
    Path sidecar = path.resolve(ClusterDataSet.SIDECAR);
    try {
      if (Files.exists(sidecar, LinkOption.NOFOLLOW_LINKS)) {
        structure = PartitionStructure.read(sidecar);
        sidecarBytes = Files.size(sidecar);
      } else if (Files.exists(path) && !Files.isDirectory(path)) {
        sidecarFault = path + " is not a folder";
      }
    } catch (ArrayException | IOException e) {
      sidecarFault = text(e);
    }
    PartitionListing files = null;
    String listingFault = null;
    List<String> strays = List.of();
    List<String> jobs = new ArrayList<>();
    try {
      files = PartitionListing.of(path);
      strays = List.copyOf(StrayFiles.in(path, MOST_STRAYS));
      Leftover.beside(path).forEach(left -> jobs.add(left.job()));
    } catch (ArrayException | IOException e) {
      listingFault = text(e);
    }
    return new HostFiles(
        structure, sidecarFault, sidecarBytes, files, listingFault, strays, List.copyOf(jobs));
  }

  /** How many partition files there are. */
  int partitionFiles() {
    return files == null ? 0 : files.size();
  }

  private static String text(Exception e) {
    String text = e instanceof ArrayException ? e.getMessage() : e.toString();
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }
}
