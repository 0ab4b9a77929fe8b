// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import java.io.IOException;

/**
 * Data that has a frame for each point of a scan. Used by one thread at a time, but for {@link
 * #read}, which several call at once between two refreshes.
 */
public interface ScanData {

  /** Looks at the present extents, and forgets which frames were not written. */
  void refresh() throws IOException;

  /**
   * Whether a frame is written, all of it, as of the last refresh: it lies inside the extents and
   * its chunks are stored, so that no fill value stands for what is yet to come.
   */
  boolean isWritten(long... position) throws IOException;

  /** Reads the frame at a position of the scan, which {@link #isWritten is written}. */
  Frame read(long... position) throws IOException;

  /** May take a frame's memory for later ones: nobody uses the frame any more. */
  default void recycle(Frame frame) {
    // Memory is new for each frame.
  }
}
