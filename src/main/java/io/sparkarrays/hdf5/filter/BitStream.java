// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.DecodeException;

/** Reads numbers of any width up to 64 bits from bytes, the most significant bit first. */
final class BitStream {

  private byte[] bytes = {};
  private int at;
  private int end;
  private int used;

  /** Begins at a byte. */
  void start(byte[] source, int from, int to) {
    bytes = source;
    at = from;
    end = to;
    used = 0;
  }

  long next(int width) throws DecodeException {
    long value = 0;
    int left = width;
    while (left > 0) {
      if (at >= end) {
        throw new DecodeException("packed bits end too early");
      }
      int take = Math.min(left, 8 - used);
      int piece = ((bytes[at] & 0xff) >> (8 - used - take)) & ((1 << take) - 1);
      value = (value << take) | piece;
      left -= take;
      used += take;
      if (used == 8) {
        used = 0;
        at++;
      }
    }
    return value;
  }
}
