// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.HDF5Constants;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Attributes of objects in a file that is open for writing; objects are named by their paths. */
public final class FileAttributes {

  private final WritableFile file;

  FileAttributes(WritableFile file) {
    this.file = file;
  }

  /** Sets an attribute to text, in the place of one that is there. */
  public void text(String object, String name, Shape shape, List<String> values) {
    List<byte[]> runs = values.stream().map(v -> v.getBytes(StandardCharsets.UTF_8)).toList();
    text(object, name, DatasetCreation.TEXT, shape, runs);
  }

  /** Sets an attribute to encoded text of variable length, in the place of one that is there. */
  public void text(String object, String name, ValueType type, Shape shape, List<byte[]> runs) {
    set(object, name, type, shape, VariableSlots.numbers(runs.size()), runs);
  }

  /** Removes an attribute, which must be there. */
  public void delete(String object, String name) {
    file.change(
        object + "@" + name,
        handles -> {
          long owner = handles.object(H5.H5Oopen(file.id(), object, HDF5Constants.H5P_DEFAULT));
          H5.H5Adelete(owner, name);
          return null;
        });
  }

  /**
   * Sets an attribute, in the place of one that is there.
   *
   * @param elements as {@link DatasetWriter#write(io.sparkarrays.core.Hyperslab, ByteBuffer, List)}
   *     has them
   */
  public void set(
      String object, String name, ValueType type, Shape shape, byte[] elements, List<byte[]> runs) {
    if (elements.length != shape.size() * type.size()) {
      throw new IllegalArgumentException(
          name + " of " + shape + " is not of " + elements.length + " bytes");
    }
    file.change(
        object + "@" + name,
        handles -> {
          long owner = handles.object(H5.H5Oopen(file.id(), object, HDF5Constants.H5P_DEFAULT));
          if (H5.H5Aexists(owner, name)) {
            H5.H5Adelete(owner, name);
          }
          new AttributeWrite(handles, type).run(owner, name, shape, elements.clone(), runs);
          return null;
        });
  }
}
