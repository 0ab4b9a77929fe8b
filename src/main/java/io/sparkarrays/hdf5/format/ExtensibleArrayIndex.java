// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import java.io.IOException;

/**
 * The array of a data set that grows along one dimension (VII.D, H5EA*.c): an index block, then
 * data blocks that grow with the array, the later ones listed in secondary blocks.
 */
final class ExtensibleArrayIndex {

  private final Metadata metadata;
  private final long address;
  private final ArrayElements elements;
  private final int maxBits;
  private final int indexElements;
  private final long minElements;
  private final int minPointers;
  private final long pageElements;
  private final long indexBlock;

  /** The index before which elements are not wanted. */
  private final long from;

  /** The index from which on elements are not wanted, or not set. */
  private final long end;

  private ExtensibleArrayIndex(
      Metadata metadata, long address, long from, long wanted, ArrayElements.Consumer consumer)
      throws IOException {
    this.metadata = metadata;
    this.address = address;
    int length = 16 + 6 * metadata.lengthSize() + metadata.offsetSize();
    Fields header = metadata.read(address, length, "extensible array header").signature("EAHD");
    header.version(0, 0);
    Fields client = header.part(2, "extensible array header");
    this.maxBits = header.u8();
    this.indexElements = header.u8();
    this.minElements = header.u8();
    this.minPointers = header.u8();
    int pageBits = header.u8();
    header.skip(4L * metadata.lengthSize());
    long maxIndexSet = header.length();
    header.length();
    this.indexBlock = header.offset();
    header.checksum();
    if (maxBits > 63
        || pageBits > 30
        || Long.bitCount(minElements) != 1
        || Long.bitCount(minPointers) != 1
        || maxIndexSet < 0) {
      throw header.damaged(
          "blocks of " + minElements + " elements, " + minPointers + " pointers", "powers of two");
    }
    this.pageElements = 1L << pageBits;
    this.from = from;
    this.end = Math.min(wanted, maxIndexSet);
    this.elements = new ArrayElements(client, from, end, consumer);
  }

  /**
   * Visits the elements of an interval that are set.
   *
   * @param from the index before which elements are not wanted
   * @param wanted the index from which on elements are not wanted
   */
  static void forEach(
      Metadata metadata, long address, long from, long wanted, ArrayElements.Consumer consumer)
      throws IOException {
    ExtensibleArrayIndex array =
        new ExtensibleArrayIndex(metadata, address, from, wanted, consumer);
    if (array.indexBlock != Metadata.UNDEFINED) {
      array.indexBlock();
    }
  }

  /** Data blocks of a secondary block. */
  private static long blocks(int secondary) {
    return 1L << (secondary / 2);
  }

  /** Elements of each data block of a secondary block. */
  private long blockElements(int secondary) {
    return minElements << ((secondary + 1) / 2);
  }

  private void indexBlock() throws IOException {
    int secondaries = 1 + maxBits - Widths.log2(minElements);
    int direct = Math.min(secondaries, 2 * Widths.log2(minPointers));
    int pointers = 2 * (minPointers - 1);
    int head = 6 + metadata.offsetSize();
    long own = (long) indexElements * elements.elementSize();
    long body = own + (pointers + (long) secondaries - direct) * metadata.offsetSize();
    Fields block =
        metadata
            .read(indexBlock, head + body + 4, "extensible array index block")
            .signature("EAIB");
    elements.owner(block, address);
    Fields first = block.part(own, "extensible array index block");
    Fields addresses = block.part(body - own, "extensible array index block");
    block.checksum();
    elements.read(first, 0, Math.min(indexElements, end));
    long index = indexElements;
    for (int secondary = 0; secondary < secondaries && index < end; secondary++) {
      if (secondary < direct) {
        for (long i = 0; i < blocks(secondary); i++) {
          dataBlock(addresses.offset(), index, secondary, null, 0);
          index += blockElements(secondary);
        }
      } else {
        secondaryBlock(addresses.offset(), index, secondary);
        index += blocks(secondary) * blockElements(secondary);
      }
    }
  }

  private int offsetWidth() {
    return (maxBits + 7) / 8;
  }

  private boolean paged(int secondary) {
    return blockElements(secondary) > pageElements;
  }

  private void secondaryBlock(long at, long firstIndex, int secondary) throws IOException {
    long count = blocks(secondary);
    if (at == Metadata.UNDEFINED || firstIndex + count * blockElements(secondary) <= from) {
      return;
    }
    long pages = paged(secondary) ? blockElements(secondary) / pageElements : 0;
    long bitmap = count * Widths.units(pages, 8);
    int head = 6 + metadata.offsetSize() + offsetWidth();
    long length = head + bitmap + count * metadata.offsetSize() + 4;
    Fields block = metadata.read(at, length, "extensible array secondary block").signature("EASB");
    elements.owner(block, address);
    block.skip(offsetWidth());
    byte[] bits = block.bytes(bitmap);
    Fields addresses =
        block.part(count * metadata.offsetSize(), "extensible array secondary block");
    block.checksum();
    long index = firstIndex;
    for (long i = 0; i < count && index < end; i++) {
      // The bits go on from block to block, though each block has whole bytes of room for them.
      dataBlock(addresses.offset(), index, secondary, bits, i * pages);
      index += blockElements(secondary);
    }
  }

  private void dataBlock(long at, long firstIndex, int secondary, byte[] bits, long firstBit)
      throws IOException {
    long count = blockElements(secondary);
    if (at == Metadata.UNDEFINED || firstIndex >= end || firstIndex + count <= from) {
      return;
    }
    boolean paged = paged(secondary);
    int head = 6 + metadata.offsetSize() + offsetWidth();
    long body = paged ? 0 : count * elements.elementSize();
    Fields block =
        metadata.read(at, head + body + 4, "extensible array data block").signature("EADB");
    elements.owner(block, address);
    block.skip(offsetWidth());
    Fields inside = block.part(body, "extensible array data block");
    block.checksum();
    if (!paged) {
      elements.read(inside, firstIndex, Math.min(count, end - firstIndex));
    } else if (bits == null) {
      throw block.damaged("a paged block without a secondary block", "one");
    } else {
      elements.pages(metadata, at + head + 4, bits, firstBit, firstIndex, count, pageElements);
    }
  }
}
