// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

/**
 * Where the blocks of a fractal heap begin (H5HFdtable.c): rows of {@code width} blocks, the first
 * two rows of the starting size, each further one of twice the size of the row before.
 */
record DoublingTable(int width, long start, long maxDirect, int heapBits) {

  static DoublingTable of(Fields at, int width, long start, long maxDirect, int heapBits) {
    if (width < 1
        || start < 1
        || Long.bitCount(start) != 1
        || Long.bitCount(maxDirect) != 1
        || maxDirect < start
        || maxDirect > 1 << 30
        || heapBits < 1
        || heapBits > 64) {
      throw at.damaged(
          "blocks of "
              + start
              + " to "
              + maxDirect
              + " bytes, "
              + width
              + " a row, "
              + heapBits
              + " bits",
          "powers of two");
    }
    return new DoublingTable(width, start, maxDirect, heapBits);
  }

  /** Bytes of an offset in the heap. */
  int offsetWidth() {
    return (heapBits + 7) / 8;
  }

  /** Rows of direct blocks; those behind have indirect ones. */
  int directRows() {
    return Widths.log2(maxDirect / start) + 2;
  }

  long blockSize(int row) {
    return row < 2 ? start : start << (row - 1);
  }

  long rowOffset(int row) {
    return row == 0 ? 0 : (width * start) << (row - 1);
  }

  /** The row of an indirect block that holds an offset in it. */
  int row(long offset) {
    long blocks = offset / (width * start);
    return blocks == 0 ? 0 : Widths.log2(blocks) + 1;
  }

  /** Rows of the indirect block that has so many bytes of the heap. */
  int rowsOf(long blockSize) {
    return Widths.log2(blockSize) - Widths.log2(width * start) + 1;
  }
}
