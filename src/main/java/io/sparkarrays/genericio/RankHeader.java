// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import java.nio.ByteBuffer;

/**
 * The entry of one rank's rows in a header.
 *
 * @param coords the rank's place in the writers' topology
 * @param rows how many rows it wrote
 * @param start where the first column's rows are
 * @param number the rank's number among all writers
 */
record RankHeader(Coords coords, long rows, long start, long number) {

  /** Bytes of an entry without, and with, the rank's number. */
  static final int OLD_BYTES = 40;

  static final int BYTES = OLD_BYTES + 8;

  static RankHeader read(HeaderFields fields, long at, long size, long index) {
    String owner = "rank " + index + ": its ";
    return new RankHeader(
        fields.coords(at),
        fields.number(at + 24, owner + "number of rows"),
        fields.number(at + 32, owner + "start"),
        size >= BYTES ? fields.number(at + OLD_BYTES, owner + "number") : index);
  }

  /** Writes an entry of {@link #BYTES} bytes. */
  void write(ByteBuffer out) {
    out.putLong(coords.x()).putLong(coords.y()).putLong(coords.z());
    out.putLong(rows).putLong(start).putLong(number);
  }
}
