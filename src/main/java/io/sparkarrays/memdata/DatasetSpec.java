// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;

/**
 * What a new data set shall be. Immutable: each setting gives a new one.
 *
 * @param type of elements; null for the data's, or float64
 * @param shape null for the data's
 * @param data the elements; null for zeros. If type and shape are the data's, a data set in memory
 *     shares them with the caller
 * @param source a data set that is spread already, in place of data; null for none
 * @param axis along which it is spread over the cluster; null for not at all
 * @param chunks remembered until the data set is written; null for none
 * @param compression likewise
 * @param replace whether a data set of the name gives way, as far as it is in memory
 */
public record DatasetSpec(
    ValueType type,
    Shape shape,
    NdArray data,
    MemDataset source,
    Integer axis,
    Shape chunks,
    Compression compression,
    boolean replace) {

  private static final ValueType FLOAT64 = new ValueType.Plain(Dtype.of(ElementType.FLOAT64));

  /** A data set of these elements. */
  public static DatasetSpec of(NdArray data) {
    return new DatasetSpec(null, null, data, null, null, null, null, true);
  }

  /** A data set of zeros. */
  public static DatasetSpec of(ValueType type, Shape shape) {
    return new DatasetSpec(type, shape, null, null, null, null, null, true);
  }

  /** A data set of zeros that are float64. */
  public static DatasetSpec of(long... dims) {
    return of(FLOAT64, Shape.of(dims));
  }

  /** A data set of the elements of one that is spread over the cluster, spread likewise. */
  public static DatasetSpec of(MemDataset distributed) {
    return new DatasetSpec(null, null, null, distributed, null, null, null, true);
  }

  /** Elements are converted to this type. */
  public DatasetSpec type(ValueType wanted) {
    return new DatasetSpec(wanted, shape, data, source, axis, chunks, compression, replace);
  }

  /** Elements are repeated to fill this shape. */
  public DatasetSpec shape(long... dims) {
    return new DatasetSpec(type, Shape.of(dims), data, source, axis, chunks, compression, replace);
  }

  /** Spread over the cluster in blocks along a dimension. */
  public DatasetSpec distributed(int along) {
    return new DatasetSpec(type, shape, data, source, along, chunks, compression, replace);
  }

  /** In files in chunks; null for none. */
  public DatasetSpec chunks(Shape chunk) {
    return new DatasetSpec(type, shape, data, source, axis, chunk, compression, replace);
  }

  /** In files compressed; null for not. */
  public DatasetSpec compression(Compression how) {
    return new DatasetSpec(type, shape, data, source, axis, chunks, how, replace);
  }

  /** Whether a data set of the name in memory is replaced. True by default. */
  public DatasetSpec replace(boolean whether) {
    return new DatasetSpec(type, shape, data, source, axis, chunks, compression, whether);
  }

  /** The type that elements have in the end. */
  ValueType finalType() {
    return type != null
        ? type
        : data != null ? data.type() : source != null ? source.type() : FLOAT64;
  }

  /** The shape in the end. */
  Shape finalShape(String name) {
    if (shape == null && data == null && source == null) {
      throw new ArrayException(
          ErrorCode.OPTION_MISSING,
          name,
          "a new data set has neither a shape nor data",
          "Give one of them");
    }
    return shape != null ? shape : data != null ? data.shape() : source.shape();
  }

  /** The elements as the data set has them: the caller's array, if nothing has to change. */
  NdArray finalData(String name) {
    ValueType element = finalType();
    Shape extents = finalShape(name);
    if (data != null && data.type().equals(element) && data.shape().equals(extents)) {
      return data;
    }
    NdArray made = NdArray.zeros(element, extents);
    if (data != null) {
      made.assign(data);
    }
    return made;
  }
}
