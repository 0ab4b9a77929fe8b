// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.hdf5.format.Datatype;
import io.sparkarrays.hdf5.virtual.VirtualArray;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads a virtual data set: elements of other data sets. */
final class VirtualReader extends StorageReader {

  private final VirtualArray array;

  VirtualReader(VirtualArray array) {
    this.array = array;
  }

  @Override
  void read(Hyperslab slab, ByteBuffer destination) throws IOException {
    array.read(slab, destination);
  }

  /** Whether elements point into the file that they are in, which is not the virtual one's. */
  static boolean hasPointers(Datatype type) {
    if (type instanceof Datatype.VariableString || type instanceof Datatype.VariableLength) {
      return true;
    } else if (type instanceof Datatype.ArrayType array) {
      return hasPointers(array.base());
    } else if (type instanceof Datatype.Compound compound) {
      return compound.members().stream().anyMatch(member -> hasPointers(member.type()));
    }
    return false;
  }
}
