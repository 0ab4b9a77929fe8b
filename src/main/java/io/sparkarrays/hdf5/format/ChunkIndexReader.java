// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import io.sparkarrays.core.Shape;
import java.io.IOException;

/**
 * Reads the {@link ChunkIndex} of a chunked data set in one pass, whatever structure it is stored
 * in. Chunks outside the current extents, which a shrunken data set may keep, are left out.
 */
public final class ChunkIndexReader {

  private static final int CHUNK_TREE = 10;

  private final Metadata metadata;
  private final DatasetHeader header;
  private final DataLayout.Chunked layout;
  private final ChunkGrid grid;
  private final boolean filtered;
  private final long chunkBytes;
  private final ChunkIndex.Builder chunks;

  /** The numbers of the chunks that are wanted: from the first to before the end. */
  private final long first;

  private final long end;

  private ChunkIndexReader(DatasetHeader header, DataLayout.Chunked layout, long first, long end) {
    this.metadata = header.metadata();
    this.header = header;
    this.layout = layout;
    this.grid = new ChunkGrid(header.space().shape(), layout.chunk());
    this.filtered = !header.filters().isEmpty();
    this.chunkBytes = layout.chunk().size() * header.type().size();
    this.chunks = new ChunkIndex.Builder(metadata);
    this.first = first;
    this.end = Math.min(end, grid.size());
  }

  /** Reads all of a data set's chunk index. */
  public static ChunkIndex read(DatasetHeader header, DataLayout.Chunked layout)
      throws IOException {
    return read(header, layout, 0, Long.MAX_VALUE);
  }

  /**
   * Reads what a data set's chunk index says of the chunks {@code first} to before {@code end}.
   * Only the blocks of the index that hold them are read, unless it is a version 1 B-tree or the
   * data set grows along an inner dimension.
   */
  public static ChunkIndex read(
      DatasetHeader header, DataLayout.Chunked layout, long first, long end) throws IOException {
    ChunkIndexReader reader = new ChunkIndexReader(header, layout, first, end);
    if (layout.address() != Metadata.UNDEFINED && reader.first < reader.end) {
      switch (layout.index()) {
        case B_TREE_1 -> reader.tree1();
        case SINGLE -> reader.single();
        case IMPLICIT -> reader.implicit();
        case FIXED_ARRAY -> reader.fixedArray();
        case EXTENSIBLE_ARRAY -> reader.extensibleArray();
        case B_TREE_2 -> reader.tree2();
      }
    }
    return reader.chunks.build();
  }

  private void add(long number, long address, long size, int mask) {
    boolean wanted = number >= first && number < end;
    if (wanted && address != Metadata.UNDEFINED && (size != 0 || !filtered)) {
      chunks.add(number, address, filtered ? size : chunkBytes, filtered ? mask : 0);
    }
  }

  private void tree1() throws IOException {
    int rank = grid.rank();
    BTreeV1.forEach(
        metadata,
        layout.address(),
        BTreeV1.CHUNK,
        8 + 8 * (rank + 1),
        (key, child) -> {
          long size = key.u32();
          int mask = (int) key.u32();
          long number = 0;
          for (int axis = 0; axis < rank; axis++) {
            long element = key.s64();
            long unit = layout.chunk().dim(axis);
            if (element < 0 || element % unit != 0) {
              throw key.damaged("a chunk at element " + element, "a multiple of " + unit);
            }
            number = step(number, axis, element / unit);
          }
          if (number >= 0) {
            add(number, child, size, mask);
          }
        });
  }

  /** Goes on with a number by the position along the next dimension; -1 if it is outside. */
  private long step(long number, int axis, long position) {
    return number < 0 || position < 0 || position >= grid.count(axis)
        ? -1
        : number + position * grid.stride(axis);
  }

  private void single() {
    if (grid.size() != 1) {
      throw metadata.damaged(
          header.address(), "layout", "a single chunk for " + grid.size(), "1 chunk");
    }
    long size = layout.singleSize() < 0 ? chunkBytes : layout.singleSize();
    add(0, layout.address(), size, layout.singleMask());
  }

  private void implicit() throws IOException {
    Numbering numbering = new Numbering(-1);
    metadata.require(
        layout.address(), Math.multiplyExact(numbering.size, chunkBytes), "implicit chunk index");
    for (long i = numbering.from(); i < numbering.to(); i++) {
      long number = numbering.number(i);
      if (number >= 0) {
        add(number, layout.address() + i * chunkBytes, chunkBytes, 0);
      }
    }
  }

  private void fixedArray() throws IOException {
    Numbering numbering = new Numbering(-1);
    FixedArrayIndex.forEach(
        metadata,
        layout.address(),
        numbering.size,
        numbering.from(),
        numbering.to(),
        (index, address, size, mask) -> numbered(numbering, index, address, size, mask));
  }

  private void extensibleArray() throws IOException {
    long[] max = header.space().maxDims();
    int unlimited = 0;
    while (unlimited < max.length && max[unlimited] != Dataspace.UNLIMITED) {
      unlimited++;
    }
    if (unlimited == max.length) {
      throw metadata.damaged(
          header.address(), "layout", "an extensible array", "an unlimited dimension for it");
    }
    Numbering numbering = new Numbering(unlimited);
    ExtensibleArrayIndex.forEach(
        metadata,
        layout.address(),
        numbering.from(),
        numbering.to(),
        (index, address, size, mask) -> numbered(numbering, index, address, size, mask));
  }

  private void numbered(Numbering numbering, long index, long address, long size, int mask) {
    long number = numbering.number(index);
    if (number >= 0) {
      add(number, address, size, mask);
    }
  }

  private void tree2() throws IOException {
    int rank = grid.rank();
    BTreeV2 tree = BTreeV2.read(metadata, layout.address(), filtered ? CHUNK_TREE + 1 : CHUNK_TREE);
    int sizeWidth = tree.recordSize() - metadata.offsetSize() - 8 * rank - (filtered ? 4 : 0);
    if (sizeWidth < (filtered ? 1 : 0) || sizeWidth > (filtered ? 8 : 0)) {
      throw metadata.damaged(
          layout.address(),
          "chunk B-tree",
          "records of " + tree.recordSize() + " bytes",
          "ones of rank " + rank);
    }
    tree.forEach(
        fields -> side(fields, sizeWidth),
        fields -> {
          long address = fields.offset();
          long size = fields.unsigned(sizeWidth);
          int mask = filtered ? (int) fields.u32() : 0;
          long number = 0;
          for (int axis = 0; axis < rank; axis++) {
            number = step(number, axis, fields.s64());
          }
          if (number >= 0) {
            add(number, address, size, mask);
          }
        });
  }

  /** Whether a record of the chunk B-tree comes before the wanted chunks, is of them, or after. */
  private int side(Fields record, int sizeWidth) {
    record.skip(metadata.offsetSize() + sizeWidth + (filtered ? 4 : 0));
    int before = 0;
    int after = 0;
    // Position by position, as a shrunken data set keeps records that have no number.
    for (int axis = 0; axis < grid.rank(); axis++) {
      long position = record.s64();
      before = before != 0 ? before : Long.compare(position, grid.position(first, axis));
      after = after != 0 ? after : Long.compare(position, grid.position(end - 1, axis));
    }
    return before < 0 ? -1 : after > 0 ? 1 : 0;
  }

  /**
   * The order in which arrays hold chunks: C order over the greatest extents, with the unlimited
   * dimension moved to the front.
   */
  private final class Numbering {
    private final int first;
    private final long[] counts;

    /** Chunks that the array can hold for the current extent of an unlimited dimension. */
    private final long size;

    Numbering(int first) {
      this.first = first;
      this.counts = new long[grid.rank()];
      Shape chunk = layout.chunk();
      long product = 1;
      for (int axis = 0; axis < counts.length; axis++) {
        long max = header.space().maxDims()[axis];
        if (max == Dataspace.UNLIMITED && axis != first) {
          throw metadata.damaged(
              header.address(), "layout", "an array for unlimited dimensions", "a B-tree");
        }
        counts[axis] = axis == first ? grid.count(axis) : Widths.units(max, chunk.dim(axis));
        if (counts[axis] > Long.MAX_VALUE / product) {
          throw metadata.damaged(
              header.address(), "layout", "an array of more than 2^63 chunks", "fewer");
        }
        product *= counts[axis];
      }
      this.size = product;
    }

    /** The first index that may be of a wanted chunk. */
    long from() {
      return first > 0 ? 0 : index(ChunkIndexReader.this.first);
    }

    /** One past the last index that may be of a wanted chunk. */
    long to() {
      return first > 0 ? size : index(end - 1) + 1;
    }

    /** The index of a chunk, where indexes ascend as numbers do. */
    private long index(long number) {
      long index = 0;
      for (int axis = 0; axis < counts.length; axis++) {
        index = index * counts[axis] + grid.position(number, axis);
      }
      return index;
    }

    /** The number in the grid of the current extents, or -1 outside of it. */
    long number(long index) {
      long left = index;
      long number = 0;
      for (int axis = counts.length - 1; axis >= 0; axis--) {
        if (axis != first) {
          long position = left % counts[axis];
          left /= counts[axis];
          if (position >= grid.count(axis)) {
            return -1;
          }
          number += position * grid.stride(axis);
        }
      }
      return first < 0 ? number : step(number, first, left);
    }
  }
}
