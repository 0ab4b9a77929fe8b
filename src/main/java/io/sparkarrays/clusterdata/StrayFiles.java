// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What lies in a data set's folders on one host and is no part of any data set. An overwrite of the
 * whole data set would remove it. Hidden files are passed over: writers have their own there.
 */
public final class StrayFiles {

  private StrayFiles() {}

  /**
   * Lists them by their names in the data set's folder.
   *
   * @param base the data set's folder
   * @param most as many at most, because nobody reads thousands
   * @throws DataSetException {@code IO_FAILED}
   */
  public static SortedSet<String> in(Path base, int most) {
    SortedSet<String> found = new TreeSet<>();
    collect(
        base,
        "",
        name -> !name.equals(ClusterDataSet.SIDECAR) && !name.equals(ClusterDataSet.PARTS),
        most,
        found);
    collect(
        base.resolve(ClusterDataSet.PARTS),
        ClusterDataSet.PARTS + "/",
        name -> PartitionListing.indexOf(name) < 0,
        most,
        found);
    return found;
  }

  private static void collect(
      Path folder, String prefix, Predicate<String> stray, int most, SortedSet<String> found) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (found.size() < most && !name.startsWith(".") && stray.test(name)) {
          found.add(prefix + name);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      // Then there is nothing in it; that it is missing is told elsewhere.
      return;
    } catch (DirectoryIteratorException e) {
      throw DataSetException.io(folder, "listing the folder", e.getCause());
    } catch (IOException e) {
      throw DataSetException.io(folder, "listing the folder", e);
    }
  }
}
