// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

/** How many bytes the format gives to numbers whose greatest value it knows. */
final class Widths {

  private Widths() {}

  /** Bytes that hold a number: floor(log2) / 8 + 1; one for zero. */
  static int bytesFor(long greatest) {
    return greatest <= 0 ? 1 : log2(greatest) / 8 + 1;
  }

  /** The position of the highest bit that is set. */
  static int log2(long value) {
    return 63 - Long.numberOfLeadingZeros(value);
  }

  /** Units that cover so many elements. */
  static long units(long elements, long unit) {
    return elements == 0 ? 0 : (elements - 1) / unit + 1;
  }
}
