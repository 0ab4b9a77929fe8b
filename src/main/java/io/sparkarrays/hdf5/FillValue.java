// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.hdf5.format.DatasetHeader;
import java.nio.ByteBuffer;

/** An element that stands where none was written, repeated as often as needed. */
final class FillValue {

  private static final int PATTERN = 8192;

  private final byte[] pattern;
  private final int size;

  FillValue(DatasetHeader header) {
    byte[] element = header.fill();
    this.size = header.type().size();
    this.pattern =
        element.length == 0 ? new byte[PATTERN] : new byte[Math.max(1, PATTERN / size) * size];
    for (int at = 0; at < pattern.length && element.length > 0; at += size) {
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
