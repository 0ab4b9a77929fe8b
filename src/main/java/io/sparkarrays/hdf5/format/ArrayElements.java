// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

/**
 * The elements of a fixed or extensible array that indexes chunks: an address each, and if chunks
 * are filtered, their stored size and filter mask.
 */
final class ArrayElements {

  /** Bytes of pages that are read at once. */
  private static final int BATCH = 1 << 19;

  /** Takes an element that is set. */
  interface Consumer {
    void accept(long index, long address, long size, int mask);
  }

  private final boolean filtered;
  private final int elementSize;
  private final int sizeWidth;
  private final Consumer consumer;

  /** The indexes that are wanted: from this one, to before the end. */
  private final long from;

  private final long end;

  /**
   * Reads client and element size of an array's header.
   *
   * @param from the index before which elements are not wanted
   * @param end the index from which on elements are not wanted
   */
  ArrayElements(Fields header, long from, long end, Consumer consumer) {
    this.from = from;
    this.end = end;
    int client = header.u8();
    if (client > 1) {
      throw header.damaged("client " + client, "0 or 1");
    }
    this.filtered = client == 1;
    this.elementSize = header.u8();
    int offset = header.metadata().offsetSize();
    this.sizeWidth = filtered ? elementSize - offset - 4 : 0;
    this.consumer = consumer;
    if (filtered ? sizeWidth < 1 || sizeWidth > 8 : elementSize != offset) {
      throw header.damaged("elements of " + elementSize + " bytes", "an address and a size");
    }
  }

  int elementSize() {
    return elementSize;
  }

  /** Checks that a block belongs to the array's header. */
  void owner(Fields block, long header) {
    block.version(0, 0);
    int client = block.u8();
    long owner = block.offset();
    if (client != (filtered ? 1 : 0) || owner != header) {
      throw block.damaged("a block of another array, whose header is at " + owner, "" + header);
    }
  }

  /** Passes on the elements that are wanted and set. */
  void read(Fields fields, long firstIndex, long count) {
    long first = Math.min(count, Math.max(0, from - firstIndex));
    fields.skip(first * elementSize);
    for (long i = first; i < Math.min(count, end - firstIndex); i++) {
      long address = fields.offset();
      long size = filtered ? fields.unsigned(sizeWidth) : 0;
      int mask = filtered ? (int) fields.u32() : 0;
      if (address != Metadata.UNDEFINED) {
        consumer.accept(firstIndex + i, address, size, mask);
      }
    }
  }

  /** Which pages of a paged block are there: one bit each, the highest of a byte first. */
  static boolean pageIsSet(byte[] bits, long page) {
    return (bits[(int) (page / 8)] & 0x80 >> (int) (page % 8)) != 0;
  }

  /**
   * Reads pages that lie side by side, each with its checksum, several at a time.
   *
   * @param at the first page's address
   * @param bits which pages are there
   * @param firstBit the bit of the first page
   * @param firstIndex the index of the first element
   * @param count elements of all pages, of which the last may be short
   * @param stride elements between the beginnings of two pages
   */
  void pages(
      Metadata metadata,
      long at,
      byte[] bits,
      long firstBit,
      long firstIndex,
      long count,
      long stride)
      throws java.io.IOException {
    long pageBytes = stride * elementSize + 4;
    long pages = Widths.units(count, stride);
    long batch = Math.max(1, BATCH / pageBytes);
    long page = Math.max(0, (from - firstIndex) / stride);
    while (page < pages && firstIndex + page * stride < end) {
      if (!pageIsSet(bits, firstBit + page)) {
        page++;
        continue;
      }
      long next = page + 1;
      while (next < pages
          && firstIndex + next * stride < end
          && next - page < batch
          && pageIsSet(bits, firstBit + next)) {
        next++;
      }
      long last = Math.min(count, next * stride);
      long elements = last - page * stride;
      Fields fields =
          metadata.read(
              at + page * pageBytes, elements * elementSize + 4 * (next - page), "array page");
      for (; page < next; page++) {
        long now = Math.min(stride, count - page * stride);
        Fields one = fields.part(now * elementSize + 4, "array page");
        Fields inside = one.part(now * elementSize, "array page");
        one.checksum();
        read(inside, firstIndex + page * stride, now);
      }
    }
  }
}
