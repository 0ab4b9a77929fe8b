// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.Complex;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.Attribute;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.ValueTypes;
import io.sparkarrays.hdf5.Values;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Elements and attributes of HDF5 files as arrays and values in memory. */
final class Hdf5Values {

  private Hdf5Values() {}

  /** The type that elements have in memory: numbers that only HDF5 knows become plain ones. */
  static ValueType type(Dataset dataset) {
    ValueType stored = ValueTypes.of(dataset.datatype());
    return stored instanceof ValueType.Converted converted ? plain(converted) : stored;
  }

  private static ValueType plain(ValueType.Converted converted) {
    return new ValueType.Plain(Dtype.of(converted.dtype().type()));
  }

  static NdArray read(Dataset dataset, Hyperslab slab) throws IOException {
    ValueType stored = ValueTypes.of(dataset.datatype());
    Shape shape = slab.shape();
    if (NdArray.holdsObjects(stored)) {
      Object[] values = dataset.values(slab).stream().map(Hdf5Values::element).toArray();
      return NdArray.ofObjects(stored, shape, values);
    }
    NdArray target = NdArray.zeros(stored, shape);
    dataset.read(slab, target.bytes());
    return numbers(stored, target);
  }

  private static NdArray numbers(ValueType stored, NdArray read) {
    if (!(stored instanceof ValueType.Converted converted)) {
      return read;
    }
    NdArray decoded = NdArray.zeros(plain(converted), read.shape());
    converted.conversion().decoder().decode(read.bytes(), 0, decoded.bytes());
    return decoded;
  }

  /** An attribute's value: a Java object if it is a scalar, else an array; null if it has none. */
  static Object value(Attribute attribute) throws IOException {
    if (attribute.isNull()) {
      return null;
    }
    ValueType type = ValueTypes.of(attribute.datatype());
    boolean scalar = attribute.shape().rank() == 0;
    if (NdArray.holdsObjects(type) || type instanceof ValueType.Unmapped) {
      Object[] values = attribute.values().stream().map(Hdf5Values::element).toArray();
      return scalar ? values[0] : NdArray.ofObjects(type, attribute.shape(), values);
    }
    ByteBuffer bytes = attribute.bytes();
    ByteBuffer own = ByteBuffer.allocate(bytes.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    own.put(bytes).flip();
    NdArray array = numbers(type, NdArray.wrap(own, type, attribute.shape()));
    return scalar ? array.get() : array;
  }

  private static Object element(Object value) {
    if (value instanceof Values.Complex complex) {
      return new Complex(complex.re(), complex.im());
    } else if (value instanceof List<?> list) {
      return list.stream().map(Hdf5Values::element).toList();
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> converted = new LinkedHashMap<>();
      map.forEach((key, inner) -> converted.put(key, element(inner)));
      return converted;
    }
    return value;
  }
}
