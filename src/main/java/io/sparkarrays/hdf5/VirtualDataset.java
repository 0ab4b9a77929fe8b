// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.hdf5.virtual.VirtualArray;
import io.sparkarrays.hdf5.virtual.VirtualPlan;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * A virtual data set that is read by its plan, away from where it was resolved: its own file stays
 * closed, unless it is a source too.
 */
public final class VirtualDataset implements Closeable {

  private final OpenSources files;
  private final VirtualArray array;

  private VirtualDataset(VirtualPlan plan, FileLocator locator, SourceKeeper keeper) {
    this.files = new OpenSources(keeper);
    VirtualSources sources =
        new VirtualSources(
            files, locator, plan.access(), plan.file(), null, List.of(plan.toString()));
    this.array = new VirtualArray(plan, sources);
  }

  /**
   * Opens nothing yet.
   *
   * @param plan all of it or some frames: {@link VirtualPlan#restrict}
   * @param locator finds the files that the virtual data set's file names
   */
  public static VirtualDataset open(VirtualPlan plan, FileLocator locator) {
    return open(plan, locator, SourceKeeper.none(DataReader.AUTO));
  }

  /** As {@link #open(VirtualPlan, FileLocator)}, and says who opens sources. */
  public static VirtualDataset open(VirtualPlan plan, FileLocator locator, SourceKeeper keeper) {
    return new VirtualDataset(plan, locator, keeper);
  }

  /** Reads it; threads share it. */
  public VirtualArray array() {
    return array;
  }

  /** Closes all sources. */
  @Override
  public void close() throws IOException {
    files.close();
  }
}
