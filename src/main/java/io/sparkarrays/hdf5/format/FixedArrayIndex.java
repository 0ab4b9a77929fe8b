// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import java.io.IOException;

/** The array of a data set that can't grow beyond known extents (VII.C, H5FA*.c). */
final class FixedArrayIndex {

  private static final int MAX_PAGE_BITS = 30;

  private FixedArrayIndex() {}

  /**
   * Visits the elements of an interval that are set.
   *
   * @param expected elements that the array must have
   * @param from the index before which elements are not wanted
   * @param to the index from which on elements are not wanted
   */
  static void forEach(
      Metadata metadata,
      long address,
      long expected,
      long from,
      long to,
      ArrayElements.Consumer consumer)
      throws IOException {
    int length = 12 + metadata.lengthSize() + metadata.offsetSize();
    Fields header = metadata.read(address, length, "fixed array header").signature("FAHD");
    header.version(0, 0);
    ArrayElements elements = new ArrayElements(header, from, to, consumer);
    int pageBits = header.u8();
    long count = header.length();
    long block = header.offset();
    header.checksum();
    if (count != expected || pageBits > MAX_PAGE_BITS) {
      throw header.damaged(
          "an array of " + count + " elements, pages of 2^" + pageBits, expected + " elements");
    }
    if (block == Metadata.UNDEFINED) {
      return;
    }
    int size = elements.elementSize();
    long pageElements = 1L << pageBits;
    int head = 6 + metadata.offsetSize();
    metadata.require(block, Math.max(0, Math.multiplyExact(count, (long) size)), "fixed array");
    boolean paged = count > pageElements;
    long bitmap = paged ? Widths.units(Widths.units(count, pageElements), 8) : 0;
    long body = paged ? bitmap : count * size;
    Fields fields = metadata.read(block, head + body + 4, "fixed array block").signature("FADB");
    elements.owner(fields, address);
    if (!paged) {
      Fields inside = fields.part(body, "fixed array block");
      fields.checksum();
      elements.read(inside, 0, count);
      return;
    }
    byte[] bits = fields.bytes(bitmap);
    fields.checksum();
    long at = block + head + bitmap + 4;
    elements.pages(metadata, at, bits, 0, 0, count, pageElements);
  }
}
