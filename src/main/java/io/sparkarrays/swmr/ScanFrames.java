// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What all data sets that are followed hold for one scan point. */
public final class ScanFrames {

  private final long index;
  private final long[] maxshape;
  private final SliceMetadata slices;
  private final Map<String, Frame> frames;

  ScanFrames(long index, long[] maxshape, SliceMetadata slices, Map<String, Frame> frames) {
    this.index = index;
    this.maxshape = maxshape;
    this.slices = slices;
    this.frames = Collections.unmodifiableMap(new LinkedHashMap<>(frames));
  }

  /** The number of the scan point, in C order. */
  public long index() {
    return index;
  }

  /** The greatest extents of the scan, -1 for a dimension without a limit. */
  public long[] maxshape() {
    return maxshape.clone();
  }

  /** The place in the scan. */
  public SliceMetadata sliceMetadata() {
    return slices;
  }

  /** The frames by the names of their data sets. */
  public Map<String, Frame> frames() {
    return frames;
  }

  /**
   * The frame of a data set.
   *
   * @throws IllegalArgumentException if no data set of that name is followed
   */
  public Frame get(String name) {
    Frame frame = frames.get(name);
    if (frame == null) {
      throw new IllegalArgumentException("no data set " + name + " among " + frames.keySet());
    }
    return frame;
  }

  /** The index and the names. */
  @Override
  public String toString() {
    return "frame " + index + " at " + slices + " of " + Arrays.toString(maxshape) + frames;
  }
}
