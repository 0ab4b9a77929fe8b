// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Group;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.Hdf5Object;
import io.sparkarrays.spark.options.StreamOptions;
import io.sparkarrays.swmr.KeySource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The keys of a scan, by option {@code keys}. */
final class KeyDatasets {

  /** Where acquisition systems put them: data sets, or groups of nothing else. */
  private static final List<String> USUAL =
      List.of(
          "/entry/diamond_scan/keys",
          "/entry/keys",
          "/keys",
          "/entry/NDAttributes/NDArrayUniqueId",
          "/entry/detector_uid/uid",
          "/entry/uid",
          "/entry/detector/uid");

  private KeyDatasets() {}

  /** The data sets that an option names. */
  static List<String> named(List<String> keys) {
    return isWord(keys, StreamOptions.AUTO) || isWord(keys, StreamOptions.STORED)
        ? List.of()
        : keys;
  }

  private static boolean isWord(List<String> keys, String word) {
    return keys.size() == 1 && keys.get(0).equalsIgnoreCase(word);
  }

  /**
   * The keys in a file.
   *
   * @param data a data set whose frames are wanted
   * @throws ArrayException {@code OPTION_MISSING} if there are none of usual names; {@code
   *     KEYS_INVALID}, {@code HDF5_OBJECT_MISSING}
   */
  static List<KeySource> of(Hdf5File file, List<String> keys, Dataset data, int scanRank)
      throws IOException {
    if (isWord(keys, StreamOptions.STORED)) {
      return List.of(KeySource.ofStored(data, scanRank));
    }
    List<KeySource> sources = new ArrayList<>();
    for (Dataset dataset : isWord(keys, StreamOptions.AUTO) ? usual(file) : named(file, keys)) {
      sources.add(KeySource.of(dataset));
    }
    return sources;
  }

  private static List<Dataset> named(Hdf5File file, List<String> keys) throws IOException {
    List<Dataset> datasets = new ArrayList<>();
    for (String key : keys) {
      datasets.add(file.dataset(key));
    }
    return datasets;
  }

  private static List<Dataset> usual(Hdf5File file) throws IOException {
    for (String path : USUAL) {
      Optional<Hdf5Object> found = find(file.root(), path);
      if (found.isPresent() && found.get() instanceof Dataset dataset) {
        return List.of(dataset);
      }
      if (found.isPresent() && found.get() instanceof Group group) {
        List<Dataset> datasets = members(group);
        if (!datasets.isEmpty()) {
          return datasets;
        }
      }
    }
    throw new ArrayException(
        ErrorCode.OPTION_MISSING,
        file.name(),
        "none of " + String.join(", ", USUAL) + " is there to tell which frames are written",
        "Name the data sets of keys in option keys, or give keys = stored if there are none");
  }

  private static List<Dataset> members(Group group) throws IOException {
    List<Dataset> datasets = new ArrayList<>();
    for (String name : group.names()) {
      if (FoundDatasets.find(group, name).orElse(null) instanceof Dataset dataset) {
        datasets.add(dataset);
      }
    }
    return datasets;
  }

  private static Optional<Hdf5Object> find(Group root, String path) throws IOException {
    Optional<Hdf5Object> at = Optional.of(root);
    for (String name : path.substring(1).split("/")) {
      if (at.isEmpty() || !(at.get() instanceof Group group)) {
        return Optional.empty();
      }
      at = FoundDatasets.find(group, name);
    }
    return at;
  }
}
