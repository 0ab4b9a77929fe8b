// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Where one column's rows of one rank are, and what they were passed through.
 *
 * @param filters the filters' names, in the order in which they were applied; none for raw rows
 * @param start where the stored bytes begin
 * @param size how many they are, the CRC behind them not counted
 */
record BlockHeader(List<String> filters, long start, long size) {

  /** Bytes of an entry. */
  static final int BYTES = 48;

  /** The one filter that is read and written here. */
  static final String BLOSC = "BLOSC";

  static final int FILTERS = 4;
  static final int FILTER_BYTES = 8;

  static BlockHeader read(HeaderFields fields, long at) {
    List<String> filters = new ArrayList<>();
    for (int i = 0; i < FILTERS; i++) {
      String filter = fields.name(at + (long) i * FILTER_BYTES, FILTER_BYTES);
      if (filter.isEmpty()) {
        break;
      }
      filters.add(filter);
    }
    return new BlockHeader(
        List.copyOf(filters),
        fields.number(at + 32, "the start of a block"),
        fields.number(at + 40, "the size of a block"));
  }

  /** Raw rows, as all are in a file without such entries. */
  static BlockHeader raw(long start, long size) {
    return new BlockHeader(List.of(), start, size);
  }

  /** Writes an entry of {@link #BYTES} bytes. */
  void write(ByteBuffer out) {
    int names = out.position();
    for (int i = 0; i < filters.size(); i++) {
      out.put(names + i * FILTER_BYTES, filters.get(i).getBytes(StandardCharsets.US_ASCII));
    }
    out.position(names + FILTERS * FILTER_BYTES).putLong(start).putLong(size);
  }
}
