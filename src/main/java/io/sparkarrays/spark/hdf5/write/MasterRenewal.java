// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.hdf5.Hdf5Writer;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gives the file that readers open a new content, in one step. The caller holds the lock. */
final class MasterRenewal {

  private MasterRenewal() {}

  /** Writes the manifest, and then the file that names it. */
  static void show(ResultFiles files, ResultManifest manifest) throws IOException {
    String name = files.write(manifest);
    ResultMaster master = new ResultMaster(files, manifest);
    boolean shown = false;
    try {
      Hdf5Writer.replace(files.result(), writer -> master.write(writer, name));
      shown = true;
    } finally {
      // The file may stand although what came after it failed.
      if (!shown && !files.manifestName().equals(Optional.of(name))) {
        files.remove(List.of(name));
      }
    }
  }

  /** Shows what epochs added, if they were not shown; readers that have the file open keep it. */
  static void catchUp(ResultFiles files) throws IOException {
    ResultState state = files.state();
    if (state.waiting().isEmpty()) {
      return;
    }
    ResultManifest current = state.current();
    show(files, current.with(current.tables(), List.copyOf(state.shownWithout(current))));
    Set<String> gone = new HashSet<>(state.shown().retired());
    state.name().ifPresent(gone::add);
    gone.add(ResultFiles.WAITING);
    files.remove(gone);
  }
}
