// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.source.FrameRange;
import java.io.Serializable;

/**
 * Frames of one file that one task reads.
 *
 * @param range the file
 * @param frames a non-empty set of frames inside the range
 */
record FrameSplit(FrameRange range, FrameIntervals frames) implements Serializable {}
