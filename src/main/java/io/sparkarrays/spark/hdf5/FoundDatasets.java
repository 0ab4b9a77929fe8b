// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Group;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.Hdf5Object;
import io.sparkarrays.hdf5.ValueTypes;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** All data sets of a file by their paths, those with several paths by the first of them. */
final class FoundDatasets {

  private static final int SHOWN = 20;

  /** A file of more objects is not searched to its end to find the only data set. */
  private static final int MOST = 10_000;

  private record Place(String file, long address) {}

  private final Map<String, Dataset> datasets = new LinkedHashMap<>();
  private boolean complete = true;

  private FoundDatasets() {}

  /** Looks through all groups; links to other files are followed too, broken ones passed over. */
  static FoundDatasets of(Hdf5File file) throws IOException {
    FoundDatasets found = new FoundDatasets();
    Set<Place> seen = new HashSet<>();
    Deque<Map.Entry<String, Group>> open = new ArrayDeque<>();
    open.add(Map.entry("", file.root()));
    seen.add(new Place(file.name(), file.root().address()));
    while (!open.isEmpty()) {
      Map.Entry<String, Group> at = open.poll();
      for (String name : at.getValue().names()) {
        if (seen.size() > MOST) {
          found.complete = false;
          return found;
        }
        Optional<Hdf5Object> object = find(at.getValue(), name);
        if (object.isPresent()
            && seen.add(new Place(object.get().file().name(), object.get().address()))) {
          String path = at.getKey() + "/" + name;
          if (object.get() instanceof Dataset dataset) {
            found.datasets.put(path, dataset);
          } else if (object.get() instanceof Group group) {
            open.add(Map.entry(path, group));
          }
        }
      }
    }
    return found;
  }

  /** The object of a name in a group, if it can be found. */
  static Optional<Hdf5Object> find(Group group, String name) throws IOException {
    try {
      return group.find(name);
    } catch (ArrayException e) {
      // A damaged object must not hide the others.
      return Optional.empty();
    }
  }

  /**
   * The only data set.
   *
   * @throws ArrayException {@code DATASET_UNCLEAR} if there are others, {@code HDF5_OBJECT_MISSING}
   *     if there is none
   */
  String only(String file) {
    if (datasets.isEmpty()) {
      throw new ArrayException(
          ErrorCode.HDF5_OBJECT_MISSING, file, "it has no data set", "Give another file");
    }
    if (datasets.size() > 1 || !complete) {
      throw new ArrayException(
          ErrorCode.DATASET_UNCLEAR,
          file,
          "nothing says which data set is meant: " + list(),
          "Name one with option dataset, or several of one scan with option datasets");
    }
    return datasets.keySet().iterator().next();
  }

  /** The data sets with shape and dtype, as many as people want to read. */
  private String list() {
    List<String> shown = new ArrayList<>();
    datasets.entrySet().stream()
        .limit(SHOWN)
        .forEach(entry -> shown.add(entry.getKey() + " " + describe(entry.getValue())));
    String more =
        datasets.size() > SHOWN
            ? ", and " + (datasets.size() - SHOWN) + (complete ? " more" : " more or many more")
            : "";
    return shown.stream().collect(Collectors.joining(", ")) + more;
  }

  /** Shape and type of a data set. */
  static String describe(Dataset dataset) {
    return dataset.shape() + " " + ValueTypes.of(dataset.datatype());
  }
}
