// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The offsets and the bytes of a vector of text or of bytes, which are written in order. */
final class TextBuffers {

  private final int offsetsPlace;
  private final int dataPlace;
  private VectorBuffers out;
  private ByteBuffer offsets;
  private ByteBuffer data;
  private int next;
  private int at;

  /**
   * @param offsets the place of the vector's offsets, which its data follow
   */
  TextBuffers(int offsets) {
    this.offsetsPlace = offsets;
    this.dataPlace = offsets + 1;
  }

  /** Begins with a value, of so many. */
  void begin(VectorBuffers buffers, int first, int count) {
    out = buffers;
    offsets = buffers.reserve(offsetsPlace, (long) first + count);
    data = buffers.get(dataPlace);
    next = first;
    at = offsets.getInt(first * Integer.BYTES);
  }

  /** The next value, of just these bytes. */
  void add(byte[] bytes, int from, int to) {
    int length = to - from;
    reserve(length);
    data.put(at, bytes, from, length);
    end(length);
  }

  /** The next value, of the next bytes of a buffer. */
  void add(ByteBuffer bytes, int length) {
    reserve(length);
    data.put(at, bytes, bytes.position(), length);
    bytes.position(bytes.position() + length);
    end(length);
  }

  private void reserve(int length) {
    if (length > data.capacity() - at) {
      data = out.reserve(dataPlace, (long) at + length);
    }
  }

  private void end(int length) {
    at += length;
    offsets.putInt(++next * Integer.BYTES, at);
  }

  /** The next value, of UTF-8 text; what is not UTF-8 in it becomes U+FFFD. */
  void addText(byte[] bytes, int from, int to) {
    if (isUtf8(bytes, from, to)) {
      add(bytes, from, to);
    } else {
      byte[] repaired =
          new String(bytes, from, to - from, StandardCharsets.UTF_8)
              .getBytes(StandardCharsets.UTF_8);
      add(repaired, 0, repaired.length);
    }
  }

  /** All values were added. */
  void end() {
    out.reserve(dataPlace, at);
  }

  private static boolean isUtf8(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      int code = bytes[i++];
      if (code >= 0) {
        continue;
      }
      int more = (code & 0xe0) == 0xc0 ? 1 : (code & 0xf0) == 0xe0 ? 2 : 3;
      if ((code & 0xc0) != 0xc0 || (code & 0xf8) == 0xf8 || to - i < more) {
        return false;
      }
      code &= 0x3f >> more;
      for (int end = i + more; i < end; i++) {
        if ((bytes[i] & 0xc0) != 0x80) {
          return false;
        }
        code = (code << 6) | (bytes[i] & 0x3f);
      }
      int least = more == 1 ? 0x80 : more == 2 ? 0x800 : 0x10000;
      if (code < least || !Character.isValidCodePoint(code) || isSurrogate(code)) {
        return false;
      }
    }
    return true;
  }

  /** Half of a pair of UTF-16, which is no character. */
  static boolean isSurrogate(int code) {
    return code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
  }
}
