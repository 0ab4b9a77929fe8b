// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.Hdf5Writer;
import java.util.List;
import java.util.Map;

/** Attributes as h5py writes them. */
final class Hdf5AttributeWrite {

  private Hdf5AttributeWrite() {}

  static void write(Hdf5Writer writer, String object, String name, Object value) {
    if (value instanceof String text) {
      writer.attribute(object, name, text);
    } else if (value instanceof byte[] bytes) {
      writer.asciiAttribute(object, name, bytes);
    } else if (value == null || value instanceof Map<?, ?> || AttributeText.isTime(value)) {
      writer.attribute(object, name, AttributeText.encode(name, value));
    } else {
      array(writer, object, name, array(name, value));
    }
  }

  private static NdArray array(String name, Object value) {
    if (value instanceof NdArray array) {
      return array;
    }
    return value instanceof List<?> list
        ? AttributeArrays.of(name, list)
        : AttributeArrays.scalar(name, value);
  }

  private static void array(Hdf5Writer writer, String object, String name, NdArray array) {
    if (array.type() instanceof ValueType.VariableText) {
      writer.attribute(
          object, name, array.shape(), array.values().stream().map(String::valueOf).toList());
    } else if (TextTypes.hasUnicode(array.type()) || array.holdsObjects()) {
      throw AttributeText.unsupported(
          name, "an array of " + array.type() + ", which HDF5 files do not hold", null);
    } else {
      writer.attribute(object, name, array.type(), array.shape(), array.bytes());
    }
  }
}
