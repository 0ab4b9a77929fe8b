// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.hdf5.Attributes;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Group;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.Hdf5Object;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a NeXus file wants to be plotted first: {@code @default} leads from group to group, {@code
 * @signal} names the data set, {@code @axes} its dimensions. Files before 2014 mark the signal by an
 * attribute of its own.
 */
final class NexusPlot {

  private static final int MAX_DEPTH = 32;

  private NexusPlot() {}

  /** The path of the signal, if the file has one. */
  static Optional<String> signal(Hdf5File file) throws IOException {
    Group at = file.root();
    String path = "";
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      Optional<String> name = TextAttributes.one(at.attributes(), "default");
      if (name.isEmpty()) {
        name = onlyChild(at, depth == 0 ? "NXentry" : "NXdata");
      }
      Optional<Hdf5Object> next = name.isPresent() ? at.find(name.get()) : Optional.empty();
      if (next.isEmpty()) {
        break;
      }
      path = below(path, name.get());
      if (next.get() instanceof Dataset) {
        return Optional.of(path);
      }
      if (!(next.get() instanceof Group group)) {
        break;
      }
      at = group;
    }
    String group = path;
    return signalOf(at).map(name -> below(group, name));
  }

  /** The path of a name that is found in a group, or is absolute. */
  private static String below(String group, String name) {
    return name.startsWith("/") ? name : group + "/" + name;
  }

  /** The name of the only group of a class in a group. */
  private static Optional<String> onlyChild(Group group, String nexusClass) throws IOException {
    List<String> found = new ArrayList<>();
    for (String name : group.names()) {
      if (FoundDatasets.find(group, name).orElse(null) instanceof Group child
          && TextAttributes.one(child.attributes(), "NX_class").equals(Optional.of(nexusClass))) {
        found.add(name);
      }
    }
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  /** The name in a group of the data set that is its signal. */
  private static Optional<String> signalOf(Group group) throws IOException {
    Optional<String> named = TextAttributes.one(group.attributes(), "signal");
    if (named.isPresent()) {
      return group.find(named.get()).orElse(null) instanceof Dataset ? named : Optional.empty();
    }
    if (!TextAttributes.one(group.attributes(), "NX_class").equals(Optional.of("NXdata"))) {
      return Optional.empty();
    }
    for (String name : group.names()) {
      if (FoundDatasets.find(group, name).orElse(null) instanceof Dataset dataset
          && isFirst(dataset)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  /** Whether a data set says of itself that it is signal 1. */
  private static boolean isFirst(Dataset dataset) throws IOException {
    var signal = dataset.attributes().find("signal");
    return signal.isPresent() && "1".equals(String.valueOf(signal.get().value()));
  }

  /** How many of the last dimensions are one frame, if a data set says how it is meant. */
  static Optional<Integer> frameRank(Dataset dataset) throws IOException {
    return TextAttributes.one(dataset.attributes(), "interpretation")
        .map(
            meant ->
                switch (meant) {
                  case "scalar" -> 0;
                  case "spectrum" -> 1;
                  case "image" -> 2;
                  case "rgb-image", "rgba-image" -> 3;
                  default -> null;
                });
  }

  /** The names of a signal's dimensions; empty text where there is none. */
  static List<String> axes(Hdf5File file, String path, Dataset dataset) throws IOException {
    int slash = path.lastIndexOf('/');
    Hdf5Object parent = file.get(slash <= 0 ? "/" : path.substring(0, slash));
    Attributes group = parent.attributes();
    if (TextAttributes.one(group, "signal").equals(Optional.of(path.substring(slash + 1)))) {
      List<String> axes = TextAttributes.list(group, "axes");
      return axes.stream().map(axis -> axis.equals(".") ? "" : axis).toList();
    }
    Optional<String> own = TextAttributes.one(dataset.attributes(), "axes");
    return own.map(a -> Arrays.asList(a.replaceAll("[\\[\\]\\s]", "").split("[:,]")))
        .orElse(List.of());
  }
}
