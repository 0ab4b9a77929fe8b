// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.HDF5Constants;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.util.List;

/** Makes an attribute of values of a type. */
final class AttributeWrite {

  private final Handles handles;
  private final ValueType type;

  AttributeWrite(Handles handles, ValueType type) {
    this.handles = handles;
    this.type = type;
  }

  /** Writes elements, whose bytes are changed. */
  void run(long owner, String name, Shape shape, byte[] elements, List<byte[]> runs) {
    long creation = handles.properties(H5.H5Pcreate(HDF5Constants.H5P_ATTRIBUTE_CREATE));
    H5.H5Pset_char_encoding(creation, HDF5Constants.H5T_CSET_UTF8);
    long element = new NativeTypes(handles).of(type);
    long space = handles.space(Spaces.create(shape.dims(), shape.dims()));
    long attribute =
        handles.attribute(
            H5.H5Acreate(owner, name, element, space, creation, HDF5Constants.H5P_DEFAULT));
    if (elements.length > 0) {
      try (NativeMemory memory = new NativeMemory(VariableSlots.memory(runs))) {
        new VariableSlots(type).resolve(elements, runs, memory);
        NativeWrites.get().writeAttribute(attribute, element, elements);
      }
    }
  }
}
