// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stores;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;

/** An array of a {@link NumpyStore}: its dtype in files, its shape, and its values. */
public final class StoredArray implements Serializable {

  private static final long serialVersionUID = 1L;

  private final Dtype dtype;
  private final Shape shape;
  private final byte[] values;

  /**
   * An array.
   *
   * @param dtype what files store; values are little-endian whatever its byte order
   * @param values all elements in C order; not copied
   * @throws ArrayException {@code FRAME_LENGTH}
   */
  public StoredArray(Dtype dtype, Shape shape, byte[] values) {
    if (values.length != shape.size() * dtype.size()) {
      throw new ArrayException(
          ErrorCode.FRAME_LENGTH,
          "array of shape " + shape + " and dtype " + dtype,
          values.length + " bytes are not " + shape.size() + " elements",
          "Give all elements, and no others");
    }
    this.dtype = dtype;
    this.shape = shape;
    this.values = values;
  }

  /** What files store. */
  public Dtype dtype() {
    return dtype;
  }

  /** The extents. */
  public Shape shape() {
    return shape;
  }

  /** All elements, little-endian in C order; not a copy. */
  public byte[] values() {
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StoredArray that
        && dtype.equals(that.dtype)
        && shape.equals(that.shape)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Objects.hash(dtype, shape, Arrays.hashCode(values));
  }

  @Override
  public String toString() {
    return dtype + " " + shape;
  }
}
