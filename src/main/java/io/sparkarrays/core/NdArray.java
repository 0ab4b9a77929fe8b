// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An n-dimensional array in memory, or a view of one: elements of one type, a shape, and the way
 * from an element to its neighbour along each dimension. Elements are bytes of a buffer, as files
 * hold them; those whose type is of variable length are Java objects. Views share their elements.
 */
public final class NdArray {

  /** Text of any length, as an object. */
  public static final ValueType TEXT =
      new ValueType.VariableText(16, ValueType.Padding.NULL_TERMINATED);

  private final ValueType type;
  private final NdLayout layout;

  /** Bytes of the elements; null if they are objects. */
  private final ByteBuffer bytes;

  private final Object[] objects;

  private NdArray(ValueType type, NdLayout layout, ByteBuffer bytes, Object[] objects) {
    this.type = type;
    this.layout = layout;
    this.bytes = bytes;
    this.objects = objects;
  }

  /** Whether elements of a type are kept as objects: they, or parts of them, vary in length. */
  public static boolean holdsObjects(ValueType type) {
    if (type instanceof ValueType.Compound compound) {
      return compound.members().stream().anyMatch(member -> holdsObjects(member.type()));
    }
    return type instanceof ValueType.Variable
        || (type instanceof ValueType.FixedArray array && holdsObjects(array.element()));
  }

  /**
   * An array of zeros; of nulls for objects.
   *
   * @throws ArrayException {@code FRAME_TOO_LARGE} beyond 2 GiB
   */
  public static NdArray zeros(ValueType type, Shape shape) {
    if (holdsObjects(type)) {
      return ofObjects(type, shape, new Object[count(shape, 1)]);
    }
    return wrap(ByteBuffer.allocate(count(shape, type.size())), type, shape);
  }

  private static int count(Shape shape, int size) {
    try {
      return Math.toIntExact(Math.multiplyExact(shape.size(), size));
    } catch (ArithmeticException e) {
      throw new ArrayException(
          ErrorCode.FRAME_TOO_LARGE,
          "array of shape " + shape,
          "its elements of " + size + " bytes take more than 2 GiB of memory",
          "Select a part of it, or spread it over the cluster",
          e);
    }
  }

  /** The array in C order that the remaining bytes of a buffer are, without a copy. */
  public static NdArray wrap(ByteBuffer bytes, ValueType type, Shape shape) {
    int size = count(shape, type.size());
    if (bytes.remaining() < size) {
      throw new IllegalArgumentException(bytes.remaining() + " bytes for " + type + " " + shape);
    }
    ByteBuffer own = bytes.slice(bytes.position(), size).order(ByteOrder.LITTLE_ENDIAN);
    return new NdArray(type, NdLayout.dense(shape), own, null);
  }

  /** The array in C order that these objects are, without a copy. */
  public static NdArray ofObjects(ValueType type, Shape shape, Object... objects) {
    if (shape.size() != objects.length) {
      throw new IllegalArgumentException(objects.length + " objects for " + shape);
    }
    return new NdArray(type, NdLayout.dense(shape), null, objects);
  }

  /** A vector of float64. */
  public static NdArray of(double... values) {
    NdArray array = zeros(ElementType.FLOAT64, values.length);
    array.bytes.asDoubleBuffer().put(values);
    return array;
  }

  /** A vector of int64. */
  public static NdArray of(long... values) {
    NdArray array = zeros(ElementType.INT64, values.length);
    array.bytes.asLongBuffer().put(values);
    return array;
  }

  /** A vector of texts of any length. */
  public static NdArray ofTexts(String... values) {
    Object[] texts = Arrays.copyOf(values, values.length, Object[].class);
    return ofObjects(TEXT, Shape.of(values.length), texts);
  }

  /** An array of zeros of a plain type. */
  public static NdArray zeros(ElementType type, long... dims) {
    return zeros(new ValueType.Plain(Dtype.of(type)), Shape.of(dims));
  }

  /** What an element is. */
  public ValueType type() {
    return type;
  }

  /** The dtype, if elements are plain numbers. */
  public Optional<Dtype> dtype() {
    return type instanceof ValueType.Plain plain ? Optional.of(plain.dtype()) : Optional.empty();
  }

  /** The extents. */
  public Shape shape() {
    return layout.shape();
  }

  /** Elements from one to its neighbour along each dimension; the caller's to change. */
  public long[] strides() {
    return layout.strides().clone();
  }

  /** Whether elements are Java objects, for they vary in length. */
  public boolean holdsObjects() {
    return objects != null;
  }

  /**
   * One element: integers as {@code Long} ({@code BigInteger} beyond), floating point numbers as
   * {@code Double}, booleans, {@link Complex}, text of bytes as {@code byte[]}, other text as
   * {@code String}, compounds as {@code Map}, arrays in elements as {@link NdArray}, times as their
   * count.
   */
  public Object get(long... index) {
    return elementAt(layout.place(index));
  }

  private Object elementAt(long at) {
    return objects != null
        ? objects[(int) at]
        : ElementAccess.get(type, bytes, (int) (at * type.size()));
  }

  /** Sets one element, converted as numpy does it: real numbers are cut to whole ones. */
  public void set(Object value, long... index) {
    putAt(layout.place(index), value);
  }

  private void putAt(long at, Object value) {
    if (objects != null) {
      objects[(int) at] = value;
    } else {
      ElementAccess.put(type, bytes, (int) (at * type.size()), value);
    }
  }

  /** All elements in C order. */
  public List<Object> values() {
    List<Object> values = new ArrayList<>(count(shape(), 1));
    layout.walk(layout, false, (at, same, length) -> values.add(elementAt(at)));
    return values;
  }

  private NdArray view(NdLayout part) {
    return new NdArray(type, part, bytes, objects);
  }

  /** A part: a view, or a copy if positions are listed. Dimensions left out are taken whole. */
  public NdArray get(List<Index> indices) {
    List<Index> all = Index.complete(indices, shape().rank());
    List<Index.Resolved> positions = new ArrayList<>();
    for (int axis = 0; axis < all.size(); axis++) {
      Index.Resolved found = all.get(axis).resolve(shape().dim(axis));
      if (found.listed() != null) {
        all.set(axis, Index.all());
        return taken(axis, found.listed()).get(all);
      }
      positions.add(found);
    }
    return view(layout.part(positions));
  }

  /** Sets a part from another array, as {@link #assign} does; positions may be listed. */
  public void put(NdArray source, List<Index> indices) {
    IndexedPut.put(this, source, indices);
  }

  /** A copy of what listed positions of a dimension hold. */
  private NdArray taken(int axis, long[] positions) {
    long[] dims = shape().dims();
    dims[axis] = positions.length;
    NdArray copy = zeros(type, Shape.of(dims));
    List<Index> from = Index.complete(List.of(), dims.length);
    List<Index> to = Index.complete(List.of(), dims.length);
    for (int i = 0; i < positions.length; i++) {
      from.set(axis, Index.slice(positions[i], positions[i] + 1));
      to.set(axis, Index.slice(i, i + 1L));
      copy.get(to).assign(get(from));
    }
    return copy;
  }

  /** A view with the dimensions in another order. */
  public NdArray transpose(int... axes) {
    return view(layout.transpose(axes));
  }

  /** The same elements in C order under another shape; a copy unless they lie so already. */
  public NdArray reshape(Shape other) {
    if (other.size() != shape().size()) {
      throw new IllegalArgumentException(shape() + " as " + other);
    }
    NdArray base = layout.isDense(0) ? this : copy();
    return base.view(new NdLayout(other, NdLayout.dense(other).strides(), base.layout.first()));
  }

  /** A copy in C order. */
  public NdArray copy() {
    return as(type);
  }

  /** A copy with elements of another type, converted as by {@link #set}. */
  public NdArray as(ValueType other) {
    NdArray copy = zeros(other, shape());
    copy.assign(this);
    return copy;
  }

  /**
   * Sets all elements from another array, which is repeated along dimensions where it has one
   * element or that it lacks in front, as numpy broadcasts.
   *
   * @throws IllegalArgumentException if the shapes or types do not go together
   */
  public void assign(NdArray source) {
    NdLayout from = source.layout.broadcast(shape());
    if (type.equals(source.type) && objects == null && source.objects == null) {
      int size = type.size();
      layout.walk(
          from,
          true,
          (to, at, n) ->
              bytes.put((int) (to * size), source.bytes, (int) (at * size), (int) (n * size)));
    } else {
      layout.walk(from, false, (to, at, n) -> putAt(to, source.elementAt(at)));
    }
  }

  /** The bytes of the elements in C order: the array's own if they lie so, else a copy. */
  public ByteBuffer bytes() {
    if (objects != null) {
      throw new IllegalStateException("elements of " + type + " are objects");
    }
    NdArray base = layout.isDense(0) ? this : copy();
    int from = (int) (base.layout.first() * type.size());
    return base.bytes.slice(from, count(shape(), type.size()));
  }

  /** Equal type, shape and elements, where NaN is NaN. */
  @Override
  public boolean equals(Object other) {
    return other instanceof NdArray that
        && type.equals(that.type)
        && shape().equals(that.shape())
        && ElementEquality.equal(values(), that.values());
  }

  @Override
  public int hashCode() {
    return Objects.hash(type, shape());
  }

  @Override
  public String toString() {
    return type + " " + shape();
  }
}
