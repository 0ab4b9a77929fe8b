// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.VariableBytes;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Lists of any length, whose elements stand elsewhere and are looked up many at a time. */
final class SequenceValues implements ValueDecoder {

  private final ValueType.Sequence type;
  private final References references;
  private final int offsets;
  private final ValueDecoder elements;
  private final VariableBytes found = new VariableBytes();

  /**
   * @param offsets the place of the vector's offsets
   */
  SequenceValues(
      ValueType.Sequence type, References references, int offsets, ValueDecoder elements) {
    this.type = type;
    this.references = references;
    this.offsets = offsets;
    this.elements = elements;
  }

  @Override
  public void decode(ByteBuffer stored, int first, int count, VectorBuffers out)
      throws IOException {
    found.clear();
    references.resolve(type, stored, found);
    ByteBuffer ends = out.reserve(offsets, (long) first + count);
    int begin = ends.getInt(first * Integer.BYTES);
    int size = Math.max(1, type.element().size());
    for (int i = 0; i < count; i++) {
      ends.putInt((first + i + 1) * Integer.BYTES, Math.addExact(begin, found.end(i) / size));
    }
    int total = found.size() / size;
    if (found.size() % size != 0) {
      throw new ArrayException(
          ErrorCode.FILE_DAMAGED,
          "a sequence of " + type.element(),
          found.size() + " bytes are not whole elements of " + size,
          "Write the file again");
    }
    elements.decode(ByteBuffer.wrap(found.array(), 0, found.size()), begin, total, out);
  }
}
