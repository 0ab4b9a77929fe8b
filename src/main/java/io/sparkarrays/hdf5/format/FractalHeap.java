// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import io.sparkarrays.hdf5.filter.FilterSpec;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A heap of small objects: links, attributes, shared messages (III.G, H5HF*.c). An object's id says
 * whether it is managed in a block, huge and on its own, or tiny and inside the id.
 */
final class FractalHeap {

  private static final int MAX_FILTERS = 1 << 16;

  private final Metadata metadata;
  private final long address;
  private final int idLength;
  private final boolean filtered;
  private final boolean checksummed;
  private final long hugeTree;
  private final DoublingTable table;
  private final long root;
  private final int rootRows;
  private final long rootFilteredSize;
  private final int rootFilterMask;
  private final List<FilterSpec> filters;
  private final int lengthWidth;

  /** Huge objects by number; read when the first is asked for. */
  private Map<Long, HugeObject> huge;

  private final HeapBlocks blocks;

  private FractalHeap(Metadata metadata, long address, Fields fields) {
    this.metadata = metadata;
    this.address = address;
    fields.signature("FRHP").version(0, 0);
    this.idLength = fields.u16();
    int filterLength = fields.u16();
    this.filtered = filterLength > 0;
    this.checksummed = (fields.u8() & 2) != 0;
    long maxManaged = fields.u32();
    fields.length();
    this.hugeTree = fields.offset();
    fields.length();
    fields.offset();
    fields.skip(8L * metadata.lengthSize());
    int width = fields.u16();
    long start = fields.length();
    long maxDirect = fields.length();
    int heapBits = fields.u16();
    fields.skip(2);
    this.root = fields.offset();
    this.rootRows = fields.u16();
    this.table = DoublingTable.of(fields, width, start, maxDirect, heapBits);
    this.lengthWidth = Math.min(Widths.bytesFor(maxDirect), Widths.bytesFor(maxManaged));
    this.rootFilteredSize = filtered ? fields.length() : 0;
    this.rootFilterMask = filtered ? (int) fields.u32() : 0;
    this.filters =
        filtered ? StorageMessages.filters(fields.part(filterLength, "heap filters")) : List.of();
    fields.checksum();
    this.blocks = new HeapBlocks(metadata, table, checksummed, filters);
  }

  static FractalHeap read(Metadata metadata, long address) throws IOException {
    Fields head = metadata.readUpTo(address, 9, "fractal heap").skip(7);
    int filterLength = head.u16();
    int o = metadata.offsetSize();
    int l = metadata.lengthSize();
    int length = 26 + 3 * o + 12 * l + (filterLength > 0 ? l + 4 + filterLength : 0);
    if (filterLength >= MAX_FILTERS) {
      throw head.damaged("filters of " + filterLength + " bytes", "less");
    }
    return new FractalHeap(metadata, address, metadata.read(address, length, "fractal heap"));
  }

  /** The object of an id. */
  Fields get(Fields id) throws IOException {
    int first = id.u8();
    if (first >> 6 != 0) {
      throw id.damaged("a heap id of version " + (first >> 6), "version 0");
    }
    return switch (first >> 4 & 3) {
      case 0 -> managed(id);
      case 1 -> huge(id);
      case 2 -> {
        int length = (first & 15) + 1;
        if (idLength > 17) {
          length = ((first & 15) << 8 | id.u8()) + 1;
        }
        yield id.part(length, "tiny heap object");
      }
      default -> throw id.damaged("a heap id of kind 3", "0 to 2");
    };
  }

  private Fields managed(Fields id) throws IOException {
    long offset = id.count(table.offsetWidth(), "a heap offset");
    long length = id.count(lengthWidth, "a heap object's length");
    HeapBlocks.Direct block =
        rootRows == 0
            ? new HeapBlocks.Direct(root, 0, table.start(), rootFilteredSize, rootFilterMask)
            : blocks.find(root, rootRows, offset);
    Fields bytes = blocks.direct(block);
    long within = offset - block.offset();
    if (within < 0 || within >= bytes.remaining() || length > bytes.remaining() - within) {
      throw metadata.damaged(
          address, "fractal heap", "an object of " + length + " bytes at " + offset, "one inside");
    }
    return bytes.skip(within).part(length, "heap object");
  }

  /** An object that has its own place in the file. */
  private record HugeObject(long at, long length, int mask, long size) {}

  private Fields huge(Fields id) throws IOException {
    int direct =
        metadata.offsetSize() + metadata.lengthSize() * (filtered ? 2 : 1) + (filtered ? 4 : 0);
    HugeObject object;
    if (direct <= idLength - 1) {
      object = hugeFields(id);
    } else {
      long number = id.count(Math.min(8, Math.min(idLength - 1, id.remaining())), "a huge id");
      if (huge == null) {
        huge = new HashMap<>();
        BTreeV2 tree = BTreeV2.read(metadata, hugeTree, filtered ? 2 : 1);
        tree.forEach(
            fields -> {
              HugeObject value = hugeFields(fields);
              huge.put(fields.length(), value);
            });
      }
      object = huge.get(number);
      if (object == null) {
        throw id.damaged("huge object " + number, "one of the heap's " + huge.size());
      }
    }
    return blocks.decoded(
        object.at(), object.length(), object.mask(), object.size(), "huge heap object");
  }

  private HugeObject hugeFields(Fields fields) {
    long at = fields.offset();
    long length = fields.length();
    int mask = filtered ? (int) fields.u32() : 0;
    long size = filtered ? fields.length() : length;
    return new HugeObject(at, length, mask, size);
  }
}
