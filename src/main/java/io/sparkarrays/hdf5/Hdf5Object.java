// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.hdf5.format.ObjectHeader;
import java.io.IOException;

/** A group, data set or named datatype: what has attributes. */
public abstract sealed class Hdf5Object permits Group, Dataset, NamedDatatype {

  private final Hdf5File file;
  private final String path;
  private final long address;

  Hdf5Object(Hdf5File file, String path, long address) {
    this.file = file;
    this.path = path;
    this.address = address;
  }

  /** The file that the object is in, which an external link may have led to. */
  public final Hdf5File file() {
    return file;
  }

  /** The path by which it was found, from the root of its file. */
  public final String path() {
    return path;
  }

  /** Where its header is: equal for two paths to one object. */
  public final long address() {
    return address;
  }

  /** Its object header as the file holds it now. */
  final ObjectHeader header() throws IOException {
    return ObjectHeader.read(file.metadata(path), address);
  }

  /** Reads the attributes. */
  public final Attributes attributes() throws IOException {
    return file.steady(() -> Attributes.read(header()));
  }

  /** File and path. */
  @Override
  public final String toString() {
    return file.name() + ", " + path;
  }
}
