// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import java.io.Serializable;

/**
 * One data set of a format, as a column that holds a frame in each row.
 *
 * @param name the column's name
 * @param dtype the elements as they are stored
 * @param frame the shape of one frame; rank 0 makes a scalar column
 * @param source the data set that the frames are of, as users call it: its path inside the file, or
 *     the file format's own name for it
 */
public record FrameColumn(String name, Dtype dtype, Shape frame, String source)
    implements Serializable {

  /** Bytes of one stored frame. */
  public long frameBytes() {
    return Math.multiplyExact(frame.size(), (long) dtype.size());
  }
}
