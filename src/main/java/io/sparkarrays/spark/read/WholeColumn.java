// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import java.util.Optional;

/** A column of whole numbers whose values are known without reading a frame. */
interface WholeColumn {

  /** A set of frames that falls apart into more intervals than this is left to Spark. */
  long MAX_INTERVALS = 1 << 20;

  /** One more than its largest value; the least is 0. */
  long extent();

  /** Intervals that the frames of one run of values fall into at most. */
  long pieces();

  /**
   * The frames whose value is in a set, or nothing if they are too many intervals.
   *
   * @param values a set of numbers from 0 to the extent
   */
  Optional<FrameIntervals> frames(FrameIntervals values);
}
