// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.Dataset;
import java.io.IOException;
import java.util.Arrays;

/** A scan without keys: a point is set once its frame's chunks are stored. */
final class StoredKeys implements KeySource {

  private final FrameReader frames;
  private final int rank;

  StoredKeys(Dataset dataset, int scanRank) {
    this.frames = new FrameReader(dataset, scanRank);
    this.rank = scanRank;
  }

  @Override
  public void refresh() throws IOException {
    frames.refresh();
  }

  @Override
  public Shape scan() {
    return frames.scan();
  }

  @Override
  public long[] maxshape() {
    return Arrays.copyOf(frames.dataset().maxDims(), rank);
  }

  private boolean isSet(long index) throws IOException {
    return frames.isWritten(ScanPosition.raster(index, scan()));
  }

  @Override
  public long firstUnset(long from, long end) throws IOException {
    long at = from;
    while (at < end && isSet(at)) {
      at++;
    }
    return at;
  }

  @Override
  public FrameIntervals set(long from, long end) throws IOException {
    FrameIntervals.Builder builder = new FrameIntervals.Builder();
    for (long at = from; at < end; at++) {
      if (isSet(at)) {
        builder.add(at, at + 1);
      }
    }
    return builder.build();
  }

  /** The point's number and one. */
  @Override
  public long key(long index) throws IOException {
    return isSet(index) ? index + 1 : 0;
  }

  @Override
  public String toString() {
    return frames.dataset().toString();
  }
}
