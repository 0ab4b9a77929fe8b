// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.NearestNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Refuses paths that a user says something of, where a file has no data sets. */
final class NamedDatasets {

  private static final int SHOWN = 5;

  private NamedDatasets() {}

  /** Looks for each path before anything is read: one that is misspelt would have no effect. */
  static void check(BaseGroup root, Path file, Collection<String> paths) {
    for (String path : paths.stream().sorted().toList()) {
      String absolute = Paths.join("", path);
      if (!(root.find(absolute).orElse(null) instanceof BaseDataset)) {
        List<String> known = new ArrayList<>();
        collect(root, known);
        throw new ArrayException(
            ErrorCode.MEMDATA_MISSING,
            file,
            "there is no data set '" + path + "'",
            known.isEmpty()
                ? "Leave it out: the file has none"
                : "Name one of those that it has, as " + NearestNames.to(absolute, known, SHOWN));
      }
    }
  }

  private static void collect(BaseGroup group, List<String> into) {
    for (String name : group.names()) {
      Node node = group.get(name);
      if (node instanceof BaseGroup inner) {
        collect(inner, into);
      } else {
        into.add(node.name());
      }
    }
  }
}
