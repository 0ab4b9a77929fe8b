// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import java.nio.ByteBuffer;

/** Bytes of a fixed number, as they are; the vector's offsets are filled in ahead. */
final class OpaqueValues implements ValueDecoder {

  private final int size;
  private final int offsets;

  /**
   * @param offsets the place of the vector's offsets, which its data follow
   */
  OpaqueValues(int size, int offsets) {
    this.size = size;
    this.offsets = offsets;
  }

  @Override
  public void decode(ByteBuffer stored, int first, int count, VectorBuffers out) {
    long end = (long) first + count;
    out.reserve(offsets, end);
    ByteBuffer data = out.reserve(offsets + 1, Math.multiplyExact(end, (long) size));
    data.put(first * size, stored, stored.position(), stored.remaining());
    stored.position(stored.limit());
  }
}
