// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import java.nio.ByteBuffer;

/** An element that stands where none was written, repeated as often as needed. */
final class FillValue {

  private static final int PATTERN = 8192;

  private final byte[] pattern;
  private final int size;

  FillValue(byte[] element) {
    this.size = element.length;
    int times = Math.max(1, PATTERN / size);
    this.pattern = new byte[times * size];
    for (int at = 0; at < pattern.length; at += size) {
      System.arraycopy(element, 0, pattern, at, size);
    }
  }

  /** Puts so many elements at an index of a buffer. */
  void put(ByteBuffer out, int at, long elements) {
    long left = elements * size;
    int to = at;
    while (left > 0) {
      int now = (int) Math.min(left, pattern.length);
      out.put(to, pattern, 0, now);
      to += now;
      left -= now;
    }
  }
}
