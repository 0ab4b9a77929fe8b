// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.VariableBytes;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Text of any length, which stands elsewhere and is looked up many at a time. */
final class VariableTextValues implements ValueDecoder {

  private final ValueType.VariableText type;
  private final References references;
  private final TextBuffers text;
  private final VariableBytes found = new VariableBytes();

  /**
   * @param offsets the place of the vector's offsets
   */
  VariableTextValues(ValueType.VariableText type, References references, int offsets) {
    this.type = type;
    this.references = references;
    this.text = new TextBuffers(offsets);
  }

  @Override
  public void decode(ByteBuffer stored, int first, int count, VectorBuffers out)
      throws IOException {
    found.clear();
    references.resolve(type, stored, found);
    text.begin(out, first, count);
    for (int i = 0; i < count; i++) {
      int from = found.start(i);
      int to = TextValues.end(type.padding(), found.array(), from, found.end(i));
      text.addText(found.array(), from, to);
    }
    text.end();
  }
}
