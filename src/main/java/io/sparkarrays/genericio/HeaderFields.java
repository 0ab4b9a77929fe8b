// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The numbers and names of a header in a file's byte order, checked as they are read. */
final class HeaderFields {

  private final String file;
  private final ByteBuffer bytes;

  /**
   * @param file whose header it is, for messages
   * @param bytes the header from its first byte on, in the file's byte order
   */
  HeaderFields(String file, ByteBuffer bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /** A count, size or offset: unsigned in the file, but none that is honest needs the 64th bit. */
  long number(long at, String name) {
    long value = bytes.getLong(Math.toIntExact(at));
    if (value < 0) {
      throw Faults.damaged(file, name + " is " + Long.toUnsignedString(value));
    }
    return value;
  }

  /** A number of which any bit may be set. */
  long bits(long at) {
    return bytes.getLong(Math.toIntExact(at));
  }

  Coords coords(long at) {
    return new Coords(bits(at), bits(at + 8), bits(at + 16));
  }

  Vector3 vector(long at) {
    int from = Math.toIntExact(at);
    return new Vector3(
        bytes.getDouble(from), bytes.getDouble(from + 8), bytes.getDouble(from + 16));
  }

  /** A name that fills its field or ends with a NUL. */
  String name(long at, int length) {
    byte[] field = new byte[length];
    bytes.get(Math.toIntExact(at), field);
    int end = 0;
    while (end < length && field[end] != 0) {
      end++;
    }
    return new String(field, 0, end, StandardCharsets.UTF_8);
  }

  /** Checks that a table lies in the header. */
  void table(String name, long start, long count, long size, long smallest) {
    if (count > 0 && size < smallest) {
      throw Faults.damaged(
          file, "an entry of the " + name + " has " + size + " bytes; it needs " + smallest);
    }
    if (start > bytes.limit() || (count > 0 && size > (bytes.limit() - start) / count)) {
      throw Faults.damaged(
          file,
          String.format(
              "the %s (%d of %d bytes from byte %d on) lie outside the header of %d bytes",
              name, count, size, start, bytes.limit()));
    }
  }
}
