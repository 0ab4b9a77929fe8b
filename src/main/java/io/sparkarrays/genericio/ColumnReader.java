// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import io.sparkarrays.core.ChecksummedBytes;
import io.sparkarrays.core.Dtype;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One column's rows of one rank, at any row, into the caller's memory. Used by one thread; its file
 * must stay open.
 *
 * <p>The CRC covers the whole block. Who reads the rows in their order, has it checked on the way,
 * with the last row at the latest; nothing is read twice. Who begins elsewhere, or leaves rows out,
 * has the whole block checked before the first such row is given.
 */
public final class ColumnReader {

  private final Dtype dtype;
  private final long rowBytes;
  private final long rows;
  private final ChecksummedBytes.Reader content;

  ColumnReader(Dtype dtype, long rowBytes, long rows, ChecksummedBytes.Reader content) {
    this.dtype = dtype;
    this.rowBytes = rowBytes;
    this.rows = rows;
    this.content = content;
  }

  /** The type and byte order of the elements that {@link #read} gives. */
  public Dtype dtype() {
    return dtype;
  }

  /** Number of rows. */
  public long rows() {
    return rows;
  }

  /** Bytes of one row. */
  public long rowBytes() {
    return rowBytes;
  }

  /**
   * Fills the remaining bytes of a buffer with rows as they are stored.
   *
   * @param from the first row, counted in this rank
   * @param to one past the last row; {@code (to - from) × rowBytes} bytes must remain
   * @throws io.sparkarrays.core.ArrayException {@code CHECKSUM_DIFFERS}, {@code FILE_DAMAGED},
   *     {@code FILE_TRUNCATED}, {@code LIBRARY_MISSING}
   */
  public void read(long from, long to, ByteBuffer destination) throws IOException {
    if (from < 0 || to < from || to > rows) {
      throw new IndexOutOfBoundsException("rows " + from + ":" + to + " of " + rows);
    }
    if ((to - from) * rowBytes != destination.remaining()) {
      throw new IllegalArgumentException(
          (to - from) + " rows do not fill " + destination.remaining() + " bytes");
    }
    content.read(from * rowBytes, destination);
  }
}
