// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.ValueType;
import java.nio.ByteBuffer;

/** What Python needs to make numpy arrays of ours. */
public final class Dtypes {

  private Dtypes() {}

  /** The text that numpy makes a dtype of; objects are {@code O}. */
  public static String numpyName(ValueType type) {
    if (NdArray.holdsObjects(type)) {
      return "O";
    } else if (type instanceof ValueType.Opaque || type instanceof ValueType.Compound) {
      return "V" + type.size();
    }
    return type.toString();
  }

  /** The bytes of the elements in C order. */
  public static byte[] content(NdArray array) {
    ByteBuffer content = array.bytes();
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    return bytes;
  }
}
