// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.Leftover;
import io.sparkarrays.clusterdata.PartitionListing;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * What one host has of a data set; what it says when it is asked.
 *
 * @param structure its sidecar, or null where the host has none
 * @param occupied whether something that is no data set is at the path: a file, or a folder with
 *     other things in it
 * @param files its partition files
 * @param leftovers what interrupted or running writes have beside it
 */
record HostInventory(
    PartitionStructure structure,
    boolean occupied,
    PartitionListing files,
    List<Leftover> leftovers)
    implements Serializable {

  /** Looks at a path on this host. Creates nothing. */
  static HostInventory take(Path path) throws IOException {
    List<Leftover> leftovers = Leftover.beside(path);
    Path sidecar = path.resolve(ClusterDataSet.SIDECAR);
    if (Files.exists(sidecar)) {
      return new HostInventory(
          PartitionStructure.read(sidecar), false, PartitionListing.of(path), leftovers);
    }
    return new HostInventory(null, isOccupied(path), PartitionListing.none(), leftovers);
  }

  private static boolean isOccupied(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      if (!Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
        requireReachable(path);
      }
      return false;
    }
    if (!Files.isDirectory(path)) {
      return true;
    }
    // To list a folder takes one right, to look at what is in it another.
    if (!Files.isReadable(path) || !Files.isExecutable(path)) {
      throw unreachable(path);
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      return entries.iterator().hasNext();
    }
  }

  /** Names the folder above a path that this process may not look into. */
  private static void requireReachable(Path path) {
    for (Path folder = path.getParent(); folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder) && !Files.isExecutable(folder)) {
        throw unreachable(folder);
      }
    }
  }

  private static ArrayException unreachable(Path folder) {
    return new ArrayException(
        ErrorCode.IO_FAILED,
        folder,
        "the folder can't be read by user " + System.getProperty("user.name"),
        "Give the user of the executors the right to read and search it");
  }
}
