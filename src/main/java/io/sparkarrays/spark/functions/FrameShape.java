// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;

/** Checks of a frame's height and width against its elements. */
final class FrameShape {

  private FrameShape() {}

  /**
   * Refuses a shape that the frame doesn't have.
   *
   * @throws ArrayException {@code FRAME_LENGTH}
   */
  static void require(String function, long height, long width, int size) {
    boolean fits;
    if (height <= 0 || width <= 0) {
      fits = height >= 0 && width >= 0 && size == 0;
    } else {
      // By division, which can't overflow.
      fits = size % width == 0 && size / width == height;
    }
    if (!fits) {
      throw new ArrayException(
          ErrorCode.FRAME_LENGTH,
          function,
          "a frame of " + size + " elements is not " + height + " × " + width,
          "Give the height and width in the column's metadata, shape");
    }
  }
}
