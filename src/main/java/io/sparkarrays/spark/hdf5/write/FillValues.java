// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ElementEncoder;
import io.sparkarrays.core.ElementOutOfRangeException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.ValueType;
import java.nio.ByteBuffer;

/** Elements of frames that no row is for. */
final class FillValues {

  private FillValues() {}

  /**
   * A number as an element; of text and compounds, zeros.
   *
   * @throws ArrayException {@code OPTION_INVALID} if the type can't hold it
   */
  static byte[] element(ValueType type, double number) {
    byte[] element = new byte[type.size()];
    if (number == 0 || !(type instanceof ValueType.Plain plain)) {
      return element;
    }
    double[] parts = new double[plain.dtype().type().components()];
    parts[0] = number;
    try {
      ElementEncoder.of(plain.dtype()).put(parts, 0, parts.length, ByteBuffer.wrap(element));
    } catch (ElementOutOfRangeException e) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          "option fillValue = '" + number + "'",
          "elements of " + type + " can't hold it",
          "Give another number, or write columns of other types by themselves",
          e);
    }
    return element;
  }
}
