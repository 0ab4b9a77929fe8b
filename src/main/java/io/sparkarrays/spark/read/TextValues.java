// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.ValueType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Text of a fixed number of bytes. */
final class TextValues implements ValueDecoder {

  private static final int BLOCK = 1 << 16;

  private static final int REPLACEMENT = 0xfffd;

  private final ValueType.Text type;
  private final TextBuffers text;
  private byte[] block = {};
  private byte[] utf8 = {};

  /**
   * @param offsets the place of the vector's offsets
   */
  TextValues(ValueType.Text type, int offsets) {
    this.type = type;
    this.text = new TextBuffers(offsets);
  }

  @Override
  public void decode(ByteBuffer stored, int first, int count, VectorBuffers out) {
    int size = type.size();
    int most = Math.min(count, Math.max(1, BLOCK / Math.max(1, size)));
    block = block.length < most * size ? new byte[most * size] : block;
    text.begin(out, first, count);
    for (int done = 0; done < count; done += most) {
      int now = Math.min(most, count - done);
      stored.get(block, 0, now * size);
      if (type.encoding() == ValueType.Encoding.UTF_8) {
        for (int i = 0; i < now; i++) {
          int from = i * size;
          text.addText(block, from, end(type.padding(), block, from, from + size));
        }
      } else {
        wide(now, size);
      }
    }
    text.end();
  }

  /** Where the text ends in bytes of UTF-8. */
  static int end(ValueType.Padding padding, byte[] bytes, int from, int to) {
    int end = to;
    if (padding == ValueType.Padding.NULL_TERMINATED) {
      end = from;
      while (end < to && bytes[end] != 0) {
        end++;
      }
      return end;
    }
    byte fill = (byte) (padding == ValueType.Padding.SPACE_PADDED ? ' ' : 0);
    while (end > from && bytes[end - 1] == fill) {
      end--;
    }
    return end;
  }

  /** Characters of four bytes each; as UTF-8 they never take more. */
  private void wide(int elements, int size) {
    utf8 = utf8.length < size ? new byte[size] : utf8;
    ByteBuffer characters =
        ByteBuffer.wrap(block)
            .order(
                type.encoding() == ValueType.Encoding.UTF_32BE
                    ? ByteOrder.BIG_ENDIAN
                    : ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      int from = i * size;
      int end = from + size;
      while (end > from && characters.getInt(end - 4) == 0) {
        end -= 4;
      }
      int length = 0;
      for (int at = from; at < end; at += 4) {
        length = put(characters.getInt(at), length);
      }
      text.add(utf8, 0, length);
    }
  }

  private int put(int character, int at) {
    int code =
        Character.isValidCodePoint(character) && !TextBuffers.isSurrogate(character)
            ? character
            : REPLACEMENT;
    if (code < 0x80) {
      utf8[at] = (byte) code;
      return at + 1;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    int rest = code;
    for (int i = more; i > 0; i--) {
      utf8[at + i] = (byte) (0x80 | (rest & 0x3f));
      rest >>= 6;
    }
    utf8[at] = (byte) ((0xf80 >> more) | rest);
    return at + 1 + more;
  }
}
