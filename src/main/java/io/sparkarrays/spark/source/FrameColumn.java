// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.io.Serializable;

/**
 * One data set of a format, as a column that holds a frame in each row.
 *
 * @param name the column's name
 * @param type the elements as they are stored
 * @param frame the shape of one frame; rank 0 makes a scalar column
 * @param source the data set that the frames are of, as users call it: its path inside the file, or
 *     the file format's own name for it
 */
public record FrameColumn(String name, ValueType type, Shape frame, String source)
    implements Serializable {

  /** A column of plain numbers. */
  public FrameColumn(String name, Dtype dtype, Shape frame, String source) {
    this(name, new ValueType.Plain(dtype), frame, source);
  }

  /** Whether the elements are plain numbers, booleans or complex numbers. */
  public boolean isNumber() {
    return type instanceof ValueType.Plain;
  }

  /**
   * The dtype of a column of numbers.
   *
   * @throws IllegalStateException for other columns
   */
  public Dtype dtype() {
    if (type instanceof ValueType.Plain plain) {
      return plain.dtype();
    }
    throw new IllegalStateException("column " + name + " is of " + type + ", no numbers");
  }

  /** Bytes of one stored frame. */
  public long frameBytes() {
    return Math.multiplyExact(frame.size(), (long) type.size());
  }
}
