// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.Half;
import io.sparkarrays.core.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What a data set holds for one scan point, in C order: a scalar, a vector, an image or more. The
 * memory is the frame's own until it is {@linkplain DataSource#recycle given back}.
 */
public final class Frame {

  private final Shape shape;
  private final SliceMetadata slices;
  private final Optional<Dtype> dtype;

  /** The elements; null once the frame was given back. */
  private ByteBuffer memory;

  Frame(Shape shape, SliceMetadata slices, Optional<Dtype> dtype, ByteBuffer bytes) {
    this.shape = shape;
    this.slices = slices;
    this.dtype = dtype;
    this.memory = bytes;
  }

  /** An array of any kind, such as what was made of a frame; of no place in a scan. */
  public static Frame of(Dtype dtype, Shape shape, ByteBuffer bytes) {
    if (bytes.remaining() != shape.size() * dtype.size()) {
      throw new IllegalArgumentException(
          bytes.remaining() + " bytes of " + dtype + " are no " + shape);
    }
    return new Frame(shape, SliceMetadata.at(), Optional.of(dtype), bytes.slice());
  }

  /** An array of float64; of {@code Shape.of()}, one number. */
  public static Frame of(Shape shape, double... values) {
    ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * values.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().put(values);
    return of(Dtype.of(ElementType.FLOAT64), shape, bytes);
  }

  /** An array of int64. */
  public static Frame of(Shape shape, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * values.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    return of(Dtype.of(ElementType.INT64), shape, bytes);
  }

  /** The same frame at another place of a scan. */
  Frame at(SliceMetadata place) {
    return new Frame(shape, place, dtype, memory());
  }

  /** The same frame in memory that is nobody's to take. */
  Frame ofCaller() {
    return new Frame(shape, slices, dtype, memory().asReadOnlyBuffer());
  }

  /** Gives the memory back, without which this is of no use any more; null if it was before. */
  ByteBuffer release() {
    ByteBuffer released = memory;
    memory = null;
    return released;
  }

  private ByteBuffer memory() {
    if (memory == null) {
      throw new IllegalStateException("the frame at " + slices + " was given back");
    }
    return memory;
  }

  /** The scan's dimensions, of extent 1, and the frame's. */
  public Shape shape() {
    return shape;
  }

  /** The place in the scan. */
  public SliceMetadata sliceMetadata() {
    return slices;
  }

  /** numpy's dtype of an element; empty for what are no numbers. */
  public Optional<Dtype> dtype() {
    return dtype;
  }

  /** The elements, in the byte order of the dtype. */
  public ByteBuffer bytes() {
    return memory().asReadOnlyBuffer().order(order());
  }

  private ByteOrder order() {
    return dtype.map(Dtype::order).orElse(ByteOrder.LITTLE_ENDIAN);
  }

  /** The elements as integers; floating point numbers are cut, unsigned 64 bits wrap around. */
  public long[] toLongs() {
    ByteBuffer from = bytes();
    long[] values = new long[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (dtype().orElseThrow().type()) {
            case BOOL, UINT8 -> from.get(i) & 0xffL;
            case INT8 -> from.get(i);
            case INT16 -> from.getShort(2 * i);
            case UINT16 -> from.getShort(2 * i) & 0xffffL;
            case INT32 -> from.getInt(4 * i);
            case UINT32 -> from.getInt(4 * i) & 0xffff_ffffL;
            case INT64, UINT64 -> from.getLong(8 * i);
            default -> (long) real(from, i);
          };
    }
    return values;
  }

  /** The elements as floating point numbers. */
  public double[] toDoubles() {
    ByteBuffer from = bytes();
    double[] values = new double[(int) shape.size()];
    if (isReal()) {
      for (int i = 0; i < values.length; i++) {
        values[i] = real(from, i);
      }
      return values;
    }
    boolean unsigned = dtype().orElseThrow().type() == ElementType.UINT64;
    long[] integers = toLongs();
    for (int i = 0; i < values.length; i++) {
      long value = integers[i];
      values[i] = unsigned && value < 0 ? 2d * (value >>> 1) + (value & 1) : value;
    }
    return values;
  }

  private boolean isReal() {
    return dtype().orElseThrow().type().kind() == 'f';
  }

  private double real(ByteBuffer from, int index) {
    return switch (dtype().orElseThrow().type()) {
      case FLOAT16 -> Float.intBitsToFloat(Half.toFloatBits(from.getShort(2 * index)));
      case FLOAT32 -> from.getFloat(4 * index);
      case FLOAT64 -> from.getDouble(8 * index);
      default -> throw new UnsupportedOperationException("elements of " + dtype + " as one number");
    };
  }

  /** Dtype, shape and place. */
  @Override
  public String toString() {
    return dtype.map(Dtype::toString).orElse("bytes") + " " + shape + " at " + slices;
  }
}
