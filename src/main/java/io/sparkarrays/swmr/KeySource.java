// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.Dataset;
import java.io.IOException;
import java.util.List;

/**
 * Keys of a scan: a number for each scan point, which the writer sets to other than zero once the
 * point's data is flushed. Points are numbered in C order over the extents of the scan. Only the
 * keys that are asked for are read, into bounded memory. Used by one thread at a time.
 */
public interface KeySource {

  /** Looks at the present extents. */
  void refresh() throws IOException;

  /** The extents of the scan as of the last refresh. */
  Shape scan();

  /** The greatest extents of the scan, -1 for a dimension without a limit. */
  long[] maxshape();

  /** The first point of {@code [from, end)} whose key is not set, or {@code end}. */
  long firstUnset(long from, long end) throws IOException;

  /** The points of {@code [from, end)} whose keys are set. */
  FrameIntervals set(long from, long end) throws IOException;

  /** The key of a point inside the extents, as an integer. */
  long key(long index) throws IOException;

  /**
   * The keys of a data set, whose trailing dimensions of greatest extent 1 are not the scan's.
   *
   * @throws io.sparkarrays.core.ArrayException {@code KEYS_INVALID} if they are not numbers
   */
  static KeySource of(Dataset keys) {
    return new DatasetKeys(keys);
  }

  /**
   * The keys of several writers that take turns.
   *
   * @param keys one-dimensional data sets, in the order of their turns
   * @param block points that a writer takes in one turn
   */
  static KeySource interleaved(List<Dataset> keys, long block) {
    return new InterleavedKeys(keys.stream().map(KeySource::of).toList(), block);
  }

  /**
   * A data set that no keys tell of: a frame counts once its chunks are stored. Not for chunks of
   * several frames that are flushed before all of them are written: those can't be told from whole
   * ones.
   */
  static KeySource ofStored(Dataset data, int scanRank) {
    return new StoredKeys(data, scanRank);
  }
}
