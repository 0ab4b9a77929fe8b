// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.format.DataLayout.IndexType;
import java.util.Arrays;

/** Reads a {@link DataLayout} of versions 1 to 5 (IV.A.2.i, H5Olayout.c). */
final class LayoutMessage {

  private static final int MAX_RANK = 33;
  private static final int COMPACT = 0;
  private static final int CONTIGUOUS = 1;
  private static final int CHUNKED = 2;
  private static final int VIRTUAL = 3;

  private final Fields fields;
  private final Shape shape;
  private final int elementSize;

  private LayoutMessage(Fields fields, Shape shape, int elementSize) {
    this.fields = fields;
    this.shape = shape;
    this.elementSize = elementSize;
  }

  static DataLayout read(Fields fields, Shape shape, int elementSize) {
    LayoutMessage message = new LayoutMessage(fields, shape, elementSize);
    int version = fields.version(1, 5);
    if (version < 3) {
      return message.old();
    }
    int kind = fields.u8();
    return switch (kind) {
      case COMPACT -> new DataLayout.Compact(fields.bytes(fields.u16()));
      case CONTIGUOUS -> new DataLayout.Contiguous(fields.offset());
      case CHUNKED -> version == 3 ? message.chunkedByTree() : message.chunked();
      case VIRTUAL -> {
        long address = fields.offset();
        yield new DataLayout.Virtual(address, fields.u32());
      }
      default -> throw fields.damaged("layout class " + kind, "0 to 3");
    };
  }

  private DataLayout old() {
    int rank = fields.u8();
    int kind = fields.u8();
    fields.skip(5);
    long address = kind == COMPACT ? Metadata.UNDEFINED : fields.offset();
    if (kind == CHUNKED) {
      return tree(address, chunk(rank, 4));
    }
    fields.skip(4L * rank);
    return switch (kind) {
      case COMPACT -> new DataLayout.Compact(fields.bytes(fields.u32()));
      case CONTIGUOUS -> new DataLayout.Contiguous(address);
      default -> throw fields.damaged("layout class " + kind, "0 to 2");
    };
  }

  private DataLayout chunkedByTree() {
    int rank = fields.u8();
    long address = fields.offset();
    return tree(address, chunk(rank, 4));
  }

  private static DataLayout tree(long address, Shape chunk) {
    return new DataLayout.Chunked(chunk, IndexType.B_TREE_1, address, false, -1, 0);
  }

  private DataLayout chunked() {
    int flags = fields.u8();
    int rank = fields.u8();
    int width = fields.u8();
    if (width < 1 || width > 8) {
      throw fields.damaged("extents of " + width + " bytes", "1 to 8");
    }
    Shape chunk = chunk(rank, width);
    int type = fields.u8();
    IndexType index =
        switch (type) {
          case 1 -> IndexType.SINGLE;
          case 2 -> IndexType.IMPLICIT;
          case 3 -> IndexType.FIXED_ARRAY;
          case 4 -> IndexType.EXTENSIBLE_ARRAY;
          case 5 -> IndexType.B_TREE_2;
          default -> throw fields.damaged("chunk index type " + type, "1 to 5");
        };
    long size = -1;
    int mask = 0;
    if (index == IndexType.SINGLE && (flags & 2) != 0) {
      size = fields.length();
      mask = (int) fields.u32();
    }
    // The parameters of the others stand in their headers too.
    fields.skip(
        switch (index) {
          case FIXED_ARRAY -> 1;
          case EXTENSIBLE_ARRAY -> 5;
          case B_TREE_2 -> 6;
          default -> 0;
        });
    return new DataLayout.Chunked(chunk, index, fields.offset(), (flags & 1) != 0, size, mask);
  }

  /** The chunk's extents; the last one stored is the element's size. */
  private Shape chunk(int rank, int width) {
    if (rank < 1 || rank > MAX_RANK || rank != shape.rank() + 1) {
      throw fields.damaged("chunks of rank " + rank, shape.rank() + 1 + ", the data set's and 1");
    }
    long[] dims = new long[rank];
    long bytes = 1;
    for (int axis = 0; axis < rank; axis++) {
      dims[axis] = fields.unsigned(width);
      bytes = dims[axis] <= 0 || dims[axis] > Long.MAX_VALUE / bytes ? -1 : bytes * dims[axis];
      if (bytes < 0) {
        throw fields.damaged("a chunk extent of " + dims[axis], "a chunk below 2^63 bytes");
      }
    }
    if (dims[rank - 1] != elementSize) {
      throw fields.damaged("elements of " + dims[rank - 1] + " bytes", elementSize + "");
    }
    return Shape.of(Arrays.copyOf(dims, rank - 1));
  }
}
