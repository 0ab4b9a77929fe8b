// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.hdf5.format.Fields;

/** Reads a serialized dataspace selection of any version (H5S*.c: none, points, hyperslab, all). */
public final class SelectionReader {

  private static final int MAX_RANK = 32;
  private static final int NONE = 0;
  private static final int POINTS = 1;
  private static final int HYPERSLAB = 2;
  private static final int ALL = 3;

  private final Fields fields;

  private SelectionReader(Fields fields) {
    this.fields = fields;
  }

  /** Reads the selection that begins at the next field. */
  public static DataspaceSelection read(Fields fields) {
    long type = fields.u32();
    SelectionReader reader = new SelectionReader(fields);
    int version = (int) fields.u32();
    if (type == NONE || type == ALL) {
      reader.version(version, 1);
      fields.skip(8);
      return type == ALL ? new DataspaceSelection.All() : new DataspaceSelection.None();
    }
    if (type == POINTS) {
      return reader.points(reader.version(version, 2));
    }
    if (type == HYPERSLAB) {
      return reader.hyperslab(reader.version(version, 3));
    }
    throw fields.damaged("selection type " + type, "0 to 3");
  }

  private int version(int version, int most) {
    if (version < 1 || version > most) {
      throw fields.damaged("a selection of version " + version, "1 to " + most);
    }
    return version;
  }

  private DataspaceSelection points(int version) {
    int width = 4;
    if (version == 1) {
      fields.skip(8);
    } else {
      width = width(fields.u8());
    }
    int rank = rank(fields.u32());
    long count = fields.count(width, "a number of points");
    return new DataspaceSelection.Points(rank, numbers(count, rank, width));
  }

  private DataspaceSelection hyperslab(int version) {
    if (version == 1) {
      fields.skip(8);
      int rank = rank(fields.u32());
      return blocks(fields.u32(), rank, 4);
    }
    boolean regular = (fields.u8() & 1) != 0;
    int width = 8;
    if (version == 2) {
      fields.skip(4);
    } else {
      width = width(fields.u8());
    }
    int rank = rank(fields.u32());
    return regular ? regular(rank, width) : blocks(fields.count(width, "a count"), rank, width);
  }

  private int width(int width) {
    if (width != 2 && width != 4 && width != 8) {
      throw fields.damaged("coordinates of " + width + " bytes", "2, 4 or 8");
    }
    return width;
  }

  private int rank(long rank) {
    if (rank < 1 || rank > MAX_RANK) {
      throw fields.damaged("a selection of rank " + rank, "1 to " + MAX_RANK);
    }
    return (int) rank;
  }

  private DataspaceSelection regular(int rank, int width) {
    long[] start = new long[rank];
    long[] stride = new long[rank];
    long[] count = new long[rank];
    long[] block = new long[rank];
    int unlimited = 0;
    for (int axis = 0; axis < rank; axis++) {
      start[axis] = fields.count(width, "a start");
      stride[axis] = fields.count(width, "a stride");
      count[axis] = fields.wide(width);
      block[axis] = fields.wide(width);
      boolean negative = count[axis] < -1 || block[axis] < -1;
      if (negative || (count[axis] != 1 && stride[axis] < block[axis])) {
        throw fields.damaged(
            "blocks of " + block[axis] + " elements, " + stride[axis] + " apart", "ones apart");
      }
      unlimited +=
          count[axis] == DataspaceSelection.UNLIMITED || block[axis] == DataspaceSelection.UNLIMITED
              ? 1
              : 0;
    }
    if (unlimited > 1) {
      throw fields.damaged(unlimited + " unlimited dimensions", "at most one");
    }
    return new DataspaceSelection.Regular(start, stride, count, block);
  }

  private DataspaceSelection blocks(long count, int rank, int width) {
    DataspaceSelection.Blocks blocks =
        new DataspaceSelection.Blocks(rank, numbers(count, 2 * rank, width));
    for (int i = 0; i < blocks.count(); i++) {
      for (int axis = 0; axis < rank; axis++) {
        if (blocks.last(i, axis) < blocks.first(i, axis)) {
          throw fields.damaged("a block that ends before it begins", "one that does not");
        }
      }
    }
    return blocks;
  }

  private long[] numbers(long count, int each, int width) {
    if (count > fields.remaining() / ((long) each * width)) {
      throw fields.damaged(count + " blocks or points", "as many as there are bytes for");
    }
    long[] numbers = new long[(int) count * each];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = fields.count(width, "a coordinate");
    }
    return numbers;
  }
}
