// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ValueType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Names of values of integers; a value that has none becomes its digits. */
final class EnumerationValues implements ValueDecoder {

  private final Dtype base;
  private final long[] values;
  private final byte[][] names;
  private final TextBuffers text;

  /**
   * @param offsets the place of the vector's offsets
   */
  EnumerationValues(ValueType.Enumeration type, int offsets) {
    this.base = type.base();
    this.values = type.names().keySet().stream().mapToLong(value -> value).sorted().toArray();
    this.names =
        Arrays.stream(values)
            .mapToObj(value -> utf8(type.names().get(value)))
            .toArray(byte[][]::new);
    this.text = new TextBuffers(offsets);
  }

  /** About how many bytes a name has. */
  static int nameBytes(ValueType.Enumeration type) {
    return type.names().values().stream().mapToInt(name -> utf8(name).length).max().orElse(1);
  }

  private static byte[] utf8(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void decode(ByteBuffer stored, int first, int count, VectorBuffers out) {
    ByteBuffer in = stored.slice().order(base.order());
    text.begin(out, first, count);
    for (int i = 0; i < count; i++) {
      long value = integer(in, i * base.size());
      int place = Arrays.binarySearch(values, value);
      byte[] name = place >= 0 ? names[place] : utf8(Long.toString(value));
      text.add(name, 0, name.length);
    }
    text.end();
    stored.position(stored.limit());
  }

  private long integer(ByteBuffer in, int at) {
    return switch (base.type()) {
      case INT8 -> in.get(at);
      case BOOL, UINT8 -> Byte.toUnsignedLong(in.get(at));
      case INT16 -> in.getShort(at);
      case UINT16 -> Short.toUnsignedLong(in.getShort(at));
      case INT32 -> in.getInt(at);
      case UINT32 -> Integer.toUnsignedLong(in.getInt(at));
      case INT64, UINT64 -> in.getLong(at);
      default -> throw new IllegalArgumentException("an enumeration of " + base);
    };
  }
}
