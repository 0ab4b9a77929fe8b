// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.hdf5.Attribute;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Group;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.Hdf5Object;
import io.sparkarrays.hdf5.Values;
import io.sparkarrays.hdf5.format.Link;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Names of a scan's dimensions as a file tells them: dimension labels, else the names of dimension
 * scales, else NeXus axes. A dimension without a name, or with one that is taken, gets a number.
 */
final class ScanDims {

  private ScanDims() {}

  /**
   * The names.
   *
   * @param rank how many there are
   * @param taken names of other columns
   */
  static List<String> of(Hdf5File file, String path, Dataset dataset, int rank, Set<String> taken)
      throws IOException {
    List<String> labels = TextAttributes.list(dataset.attributes(), "DIMENSION_LABELS");
    List<String> scales = scales(file, path, dataset);
    List<String> axes = NexusPlot.axes(file, path, dataset);
    Set<String> used = new HashSet<>();
    taken.forEach(name -> used.add(name.toLowerCase(Locale.ROOT)));
    List<String> names = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      String name = "";
      for (List<String> source : List.of(labels, scales, axes)) {
        name = name.isBlank() && axis < source.size() ? source.get(axis).strip() : name;
      }
      boolean free = !name.isBlank() && used.add(name.toLowerCase(Locale.ROOT));
      names.add(free ? name : "scan_" + axis);
    }
    return names;
  }

  /** The names of the first scale of each dimension; empty text where there is none. */
  private static List<String> scales(Hdf5File file, String path, Dataset dataset)
      throws IOException {
    Optional<Attribute> list = dataset.attributes().find("DIMENSION_LIST");
    List<String> names = new ArrayList<>();
    if (list.isPresent()) {
      int slash = path.lastIndexOf('/');
      Group parent = file.group(slash <= 0 ? "/" : path.substring(0, slash));
      for (Object references : list.get().values()) {
        names.add(
            references instanceof List<?> all
                    && !all.isEmpty()
                    && all.get(0) instanceof Values.ObjectReference scale
                ? name(dataset.file(), parent, scale)
                : "");
      }
    }
    return names;
  }

  /** A reference has no name, so those of the data set's group and of the root are looked at. */
  private static String name(Hdf5File file, Group parent, Values.ObjectReference scale)
      throws IOException {
    for (Group group : List.of(parent, file.root())) {
      for (Link link : group.links()) {
        if (link instanceof Link.Hard hard && hard.address() == scale.address()) {
          return link.name();
        }
      }
    }
    Hdf5Object object = file.dereference(scale);
    return TextAttributes.one(object.attributes(), "NAME").orElse("");
  }
}
