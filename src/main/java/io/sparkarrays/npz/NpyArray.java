// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.npz;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ChecksummedBytes;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One array in numpy's npy format. Its rows, which are its items along the first dimension, are
 * read into the caller's memory, in C order whatever order the file has. Used by one thread; the
 * file must stay open.
 */
public final class NpyArray {

  private final String where;
  private final NpyHeader header;
  private final ChecksummedBytes.Reader content;
  private final long size;
  private byte[] run = {};

  private NpyArray(String where, NpyHeader header, ChecksummedBytes.Reader content, long size) {
    this.where = where;
    this.header = header;
    this.content = content;
    this.size = size;
  }

  /**
   * Reads an array's header.
   *
   * @param where what messages call it
   * @param content header and elements
   * @param size bytes of both
   */
  static NpyArray open(String where, ChecksummedBytes.Reader content, long size)
      throws IOException {
    NpyArray array = new NpyArray(where, NpyHeader.read(where, content, size), content, size);
    if (array.type().size() > 0) {
      array.checkSize();
    }
    return array;
  }

  private void checkSize() {
    long elements = shape().size();
    long most = (size - header.bytes()) / type().size();
    if (elements > most) {
      throw new ArrayException(
          ErrorCode.FILE_TRUNCATED,
          where,
          String.format(
              "an array of shape %s and dtype %s needs %d elements, and there are %d",
              shape(), header.descr(), elements, most),
          "Write the file again");
    }
  }

  /** The extents; of rank 0 for a scalar. */
  public Shape shape() {
    return header.shape();
  }

  /** Whether the file has the elements in Fortran's order. {@link #read} gives C order anyway. */
  public boolean isFortranOrder() {
    return header.fortran();
  }

  /** The dtype as the file describes it, in numpy's terms. */
  public String descr() {
    return header.descr();
  }

  /** What an element is. */
  public ValueType type() {
    return header.type();
  }

  /** Whether the elements are plain numbers, so that {@link #dtype} has an answer. */
  public boolean isNumber() {
    return type() instanceof ValueType.Plain;
  }

  /** Whether it is known how many bytes an element has, so that {@link #read} gives them. */
  public boolean isReadable() {
    return !(type() instanceof ValueType.Unmapped) || type().size() > 0;
  }

  /**
   * The dtype of the elements, if they are numbers.
   *
   * @throws ArrayException {@code DTYPE_UNSUPPORTED} if they are no plain numbers
   */
  public Dtype dtype() {
    if (type() instanceof ValueType.Plain number) {
      return number.dtype();
    }
    throw new ArrayException(
        ErrorCode.DTYPE_UNSUPPORTED,
        where,
        "its dtype is " + header.descr() + ", not a dtype of plain numbers",
        "Leave the array out, or write it with another dtype");
  }

  /** Items along the first dimension; 1 for a scalar. */
  public long rows() {
    return shape().rank() == 0 ? 1 : shape().dim(0);
  }

  /** The shape of one item; of rank 0 for one-dimensional arrays and scalars. */
  public Shape row() {
    return shape().rank() == 0 ? shape() : shape().slice(1, shape().rank());
  }

  /** Bytes of one item. */
  public long rowBytes() {
    return Math.multiplyExact(row().size(), (long) type().size());
  }

  /**
   * Fills the remaining bytes of a buffer with rows in C order, as they are stored.
   *
   * @param from the first row
   * @param to one past the last row; {@code (to - from) × rowBytes} bytes must remain
   * @throws ArrayException {@code CHECKSUM_DIFFERS}, {@code FILE_DAMAGED}, {@code FILE_TRUNCATED};
   *     {@code DTYPE_UNSUPPORTED} if it is not {@link #isReadable}
   */
  public void read(long from, long to, ByteBuffer destination) throws IOException {
    if (type() instanceof ValueType.Unmapped unmapped && !isReadable()) {
      throw new ArrayException(
          ErrorCode.DTYPE_UNSUPPORTED,
          where,
          "its dtype is " + header.descr() + ": " + unmapped.problem(),
          "Leave the array out, or " + unmapped.advice());
    }
    if (from < 0 || to < from || to > rows()) {
      throw new IndexOutOfBoundsException("rows " + from + ":" + to + " of " + rows());
    }
    if ((to - from) * rowBytes() != destination.remaining()) {
      throw new IllegalArgumentException(
          (to - from) + " rows do not fill " + destination.remaining() + " bytes");
    }
    if (header.fortran() && shape().rank() > 1) {
      turn(from, to, destination);
    } else {
      content.read(header.bytes() + from * rowBytes(), destination);
    }
    if (to == rows()) {
      checkEnd();
    }
  }

  /** Bytes behind the last element belong to no array, but to what the checksum covers. */
  private void checkEnd() throws IOException {
    long end = header.bytes() + shape().size() * type().size();
    if (end < size) {
      content.read(size - 1, ByteBuffer.allocate(1));
    }
  }

  /** In Fortran's order, the elements at one place of all rows lie together. */
  private void turn(long from, long to, ByteBuffer destination) throws IOException {
    int element = type().size();
    int rows = Math.toIntExact(to - from);
    Shape row = row();
    int rowBytes = Math.toIntExact(rowBytes());
    long[] index = new long[row.rank()];
    run = run.length >= rows * element ? run : new byte[rows * element];
    int begin = destination.position();
    for (long place = 0; place < row.size(); place++) {
      long start = header.bytes() + (place * rows() + from) * element;
      content.read(start, ByteBuffer.wrap(run, 0, rows * element));
      long inRow = 0;
      for (int axis = 0; axis < index.length; axis++) {
        inRow = inRow * row.dim(axis) + index[axis];
      }
      int at = begin + (int) inRow * element;
      for (int i = 0; i < rows; i++, at += rowBytes) {
        destination.put(at, run, i * element, element);
      }
      for (int axis = 0; axis < index.length && ++index[axis] == row.dim(axis); axis++) {
        index[axis] = 0;
      }
    }
    destination.position(destination.limit());
  }

  /**
   * All elements in C order; the buffer has the byte order of numbers.
   *
   * @throws ArrayException as {@link #read}; {@code FRAME_TOO_LARGE} for 2 GiB and more
   */
  public ByteBuffer read() throws IOException {
    long bytes = Math.multiplyExact(shape().size(), (long) type().size());
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new ArrayException(
          ErrorCode.FRAME_TOO_LARGE,
          where,
          bytes + " bytes do not fit one buffer",
          "Read ranges of its rows");
    }
    ByteBuffer all = ByteBuffer.allocate((int) bytes);
    if (isNumber()) {
      all.order(dtype().order());
    }
    read(0, rows(), all);
    return all.flip();
  }

  @Override
  public String toString() {
    return where + ": " + header.descr() + " " + shape();
  }
}
