// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/**
 * How many values, and how many nulls, a vector or one of its children has.
 *
 * @param perRow values a row; -1 if rows differ
 * @param absent whether all values are null
 * @param variable whether values need more memory the larger they are
 * @param parent if rows differ: the place of the parent's node
 * @param offsets if the parent is a list and rows differ: the place of its offsets; else -1
 * @param validity if some values may be null: the place of their validity; else -1
 */
record VectorNode(
    long perRow, boolean absent, boolean variable, int parent, int offsets, int validity) {

  /** A node with as many values in each row, none of them null, or all. */
  static VectorNode fixed(long perRow, boolean absent) {
    return new VectorNode(perRow, absent, false, -1, -1, -1);
  }

  /** The number of values in filled rows, when those of nodes before are known. */
  long values(int rows, List<ArrowFieldNode> before, VectorBuffers filled) {
    if (perRow >= 0) {
      return perRow * rows;
    }
    int inParent = before.get(parent).getLength();
    return offsets < 0 ? inParent : filled.get(offsets).getInt(inParent * Integer.BYTES);
  }

  /** The number of nulls among so many values. */
  long nulls(long values, VectorBuffers filled) {
    if (absent) {
      return values;
    }
    long nulls = 0;
    if (validity >= 0) {
      ByteBuffer bits = filled.get(validity);
      for (int i = 0; i < values; i++) {
        nulls += 1 - ((bits.get(i >> 3) >> (i & 7)) & 1);
      }
    }
    return nulls;
  }
}
