// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Inflates whole zlib streams (RFC 1950) fast, and gives those up that something is wrong or
 * unusual with. One thread uses it at a time.
 */
interface StreamInflater {

  /** What {@link #inflate} gives for a stream that it can't inflate. */
  int GIVEN_UP = -1;

  /** Bytes before the deflate stream. */
  int HEADER = 2;

  /** Bytes of the check value behind it. */
  int CHECK = 4;

  /** Bytes as big-endian numbers. */
  VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  /**
   * Inflates the stream in a range of bytes, and checks it.
   *
   * @return the number of bytes written, or {@link #GIVEN_UP}; the target's range may be written to
   *     nevertheless
   */
  int inflate(byte[] source, int from, int length, byte[] target, int at, int room);

  /** Whether a range of bytes begins as a deflate stream without a dictionary (RFC 1950, 2.2). */
  static boolean isPlain(byte[] source, int from, int length) {
    if (length <= HEADER + CHECK) {
      return false;
    }
    byte method = source[from];
    byte flags = source[from + 1];
    return (method & 0x0f) == 8
        && (flags & 0x20) == 0
        && ((method & 0xff) << 8 | (flags & 0xff)) % 31 == 0;
  }

  /** Whether the check value at a place is that of some bytes. */
  static boolean isRight(byte[] source, int place, byte[] target, int at, int bytes) {
    return Adler.of(target, at, bytes) == (int) INTS.get(source, place);
  }
}
