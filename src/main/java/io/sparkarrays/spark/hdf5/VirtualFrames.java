// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.hdf5.VirtualDataset;
import io.sparkarrays.hdf5.virtual.VirtualPlan;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameReference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The frames of a virtual data set, out of its sources; its own file stays closed. */
final class VirtualFrames implements ColumnCursor {

  private final VirtualDataset dataset;
  private final int scanRank;
  private final VirtualPlaces places;

  private VirtualFrames(VirtualDataset dataset, int scanRank) {
    this.dataset = dataset;
    this.scanRank = scanRank;
    this.places = new VirtualPlaces(dataset.array(), scanRank);
  }

  /** Opens nothing yet. */
  static VirtualFrames of(VirtualPlan plan, FrameColumn column, FileAccess access) {
    return new VirtualFrames(
        VirtualDataset.open(
            plan, GuardedLocator.of(plan.file(), access, found -> found), KeptSources.of(access)),
        plan.shape().rank() - column.frame().rank());
  }

  @Override
  public long frames() {
    return dataset.array().plan().frames(scanRank);
  }

  @Override
  public void read(long from, long to, Hyperslab region, ByteBuffer destination)
      throws IOException {
    dataset.array().readFrames(scanRank, from, to, region, destination);
  }

  @Override
  public Optional<FrameReference> reference(long frame) throws IOException {
    return places.of(frame);
  }

  @Override
  public long sourcesOpened() {
    return dataset.array().sourcesOpened();
  }

  @Override
  public void close() throws IOException {
    dataset.close();
  }
}
