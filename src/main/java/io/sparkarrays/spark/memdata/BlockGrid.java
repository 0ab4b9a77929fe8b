// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Index;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.memdata.BlockRule;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How an array is cut into blocks along a dimension.
 *
 * @param type of elements, which all take the same number of bytes
 * @param shape of the array
 * @param axis the dimension
 * @param count of blocks
 */
record BlockGrid(ValueType type, Shape shape, int axis, int count) implements Serializable {

  /** Refuses what can't be cut. */
  BlockGrid {
    if (NdArray.holdsObjects(type)) {
      throw new ArrayException(
          ErrorCode.DTYPE_UNSUPPORTED,
          "a data set of " + type,
          "elements of variable length are not spread over a cluster",
          "Keep it in one memory, or write texts of a fixed length");
    }
    if (axis < 0 || axis >= shape.rank()) {
      throw new IndexOutOfBoundsException("axis " + axis + " of " + shape);
    }
  }

  BlockRule rule() {
    return new BlockRule(shape.dim(axis), count);
  }

  int[] all() {
    return IntStream.range(0, count).toArray();
  }

  /** The shape of a block. */
  Shape shape(int block) {
    long[] dims = shape.dims();
    dims[axis] = rule().size(block);
    return Shape.of(dims);
  }

  /** The first element of a block. */
  long[] offset(int block) {
    long[] offset = new long[shape.rank()];
    offset[axis] = rule().start(block);
    return offset;
  }

  /** A block's part of the array, as indices. */
  List<Index> indices(int block) {
    List<Index> indices = Index.complete(List.of(), shape.rank());
    long start = rule().start(block);
    indices.set(axis, Index.slice(start, start + rule().size(block)));
    return indices;
  }

  /** A block of its bytes. */
  NdArray array(int block, byte[] bytes) {
    return NdArray.wrap(ByteBuffer.wrap(bytes), type, shape(block));
  }

  /** The same array cut along another dimension. */
  BlockGrid along(int other) {
    return new BlockGrid(type, shape, other, count);
  }

  static byte[] bytes(NdArray array) {
    ByteBuffer content = array.bytes();
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    return bytes;
  }
}
