// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.hdf5.format.Datatype;

/** A datatype that has a path of its own. */
public final class NamedDatatype extends Hdf5Object {

  private final Datatype datatype;

  NamedDatatype(Hdf5File file, String path, long address, Datatype datatype) {
    super(file, path, address);
    this.datatype = datatype;
  }

  /** The datatype. */
  public Datatype datatype() {
    return datatype;
  }
}
