// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.filter.FilterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a new data set is to be: type, extents, and how its elements are stored. Immutable; each
 * method gives a changed one.
 */
public final class DatasetCreation {

  /** Text of any length: an element in memory is the number of a run of bytes. */
  public static final ValueType TEXT =
      new ValueType.VariableText(Long.BYTES, ValueType.Padding.NULL_TERMINATED);

  /** As {@link #TEXT}, but said to be ASCII. */
  public static final ValueType ASCII =
      new ValueType.VariableText(Long.BYTES, ValueType.Padding.NULL_PADDED);

  private static final int SHUFFLE = 2;
  private static final int DEFLATE = 1;

  private final ValueType type;
  private final Shape shape;
  private final long[] maxDims;
  private final Optional<Shape> chunk;
  private final Optional<byte[]> fill;
  private final List<FilterSpec> filters;
  private final List<Boolean> utf8;

  private DatasetCreation(
      ValueType type,
      Shape shape,
      long[] maxDims,
      Optional<Shape> chunk,
      Optional<byte[]> fill,
      List<FilterSpec> filters,
      List<Boolean> utf8) {
    this.type = type;
    this.shape = shape;
    this.maxDims = maxDims;
    this.chunk = chunk;
    this.fill = fill;
    this.filters = filters;
    this.utf8 = utf8;
  }

  /** Elements side by side, zeros where none was written. */
  public static DatasetCreation of(ValueType type, Shape shape) {
    return new DatasetCreation(
        type, shape, shape.dims(), Optional.empty(), Optional.empty(), List.of(), List.of());
  }

  /** How far each dimension can grow, -1 for one without a limit; needs chunks. */
  public DatasetCreation maxDims(long... dims) {
    boolean wrong = dims.length != shape.rank();
    for (int axis = 0; !wrong && axis < dims.length; axis++) {
      wrong = dims[axis] != -1 && dims[axis] < shape.dim(axis);
    }
    if (wrong) {
      throw invalid("it can't grow to " + Arrays.toString(dims));
    }
    return new DatasetCreation(type, shape, dims.clone(), chunk, fill, filters, utf8);
  }

  /** Stores the elements in chunks of a shape. */
  public DatasetCreation chunk(Shape size) {
    boolean wrong = size.rank() != shape.rank() || size.rank() == 0 || size.size() == 0;
    if (wrong) {
      throw invalid("it can't have chunks of " + size);
    }
    return new DatasetCreation(type, shape, maxDims, Optional.of(size), fill, filters, utf8);
  }

  /** The bytes of an element that was not written. */
  public DatasetCreation fill(byte[] element) {
    if (element.length != type.size()) {
      throw invalid("its fill value has " + element.length + " bytes");
    }
    return new DatasetCreation(
        type, shape, maxDims, chunk, Optional.of(element.clone()), filters, utf8);
  }

  /**
   * For each text of an element, in the order of members, whether it is said to be UTF-8, else
   * ASCII; without them, fixed and null-padded text is ASCII and other is UTF-8.
   */
  public DatasetCreation utf8(List<Boolean> each) {
    return new DatasetCreation(type, shape, maxDims, chunk, fill, filters, List.copyOf(each));
  }

  List<Boolean> utf8() {
    return utf8;
  }

  /** Deflates chunks, at a level of 0 to 9. */
  public DatasetCreation gzip(int level) {
    if (level < 0 || level > 9) {
      throw invalid("gzip has levels 0 to 9, not " + level);
    }
    return filter(new FilterSpec(DEFLATE, "deflate", false, new int[] {level}));
  }

  /** Sorts the bytes of a chunk's elements by their place, which helps what compresses them. */
  public DatasetCreation shuffle() {
    return filter(new FilterSpec(SHUFFLE, "shuffle", false, new int[] {type.size()}));
  }

  /**
   * Adds a filter behind the others. One that the library does not have needs chunks that are
   * {@linkplain DatasetWriter#writeChunk written} as it makes them.
   */
  public DatasetCreation filter(FilterSpec filter) {
    List<FilterSpec> all = Stream.concat(filters.stream(), Stream.of(filter)).toList();
    return new DatasetCreation(type, shape, maxDims, chunk, fill, all, utf8);
  }

  private ArrayException invalid(String problem) {
    return new ArrayException(
        ErrorCode.STRUCTURE_INVALID,
        "a data set of " + type + " of " + shape,
        problem,
        "Extents may be at most the greatest ones, chunks have one extent above 0 a dimension");
  }

  /** What an element is. */
  public ValueType type() {
    return type;
  }

  /** The extents at first. */
  public Shape shape() {
    return shape;
  }

  /** How far each dimension can grow, -1 for one without a limit. */
  public long[] maxDims() {
    return maxDims.clone();
  }

  /** The shape of a chunk, if there are chunks. */
  public Optional<Shape> chunk() {
    return chunk;
  }

  Optional<byte[]> fill() {
    return fill;
  }

  /** The filters that chunks go through. */
  public List<FilterSpec> filters() {
    return filters;
  }

  /** Checks what depends on several of these, and gives where elements refer to others. */
  VariableSlots check() {
    boolean grows = !Arrays.equals(maxDims, shape.dims());
    if (chunk.isEmpty() && (grows || !filters.isEmpty())) {
      throw invalid("what grows or has filters is stored in chunks, but it has none");
    }
    return new VariableSlots(type);
  }
}
