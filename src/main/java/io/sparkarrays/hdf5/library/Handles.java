// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.exceptions.HDF5Exception;
import java.util.ArrayDeque;
import java.util.Deque;

/** The library's objects that one call opens, closed with it in whatever way it ends. */
final class Handles implements AutoCloseable {

  private interface Closing {
    void close(long id);
  }

  private record Open(long id, Closing closing) {}

  private final Deque<Open> open = new ArrayDeque<>();

  private long keep(long id, Closing closing) {
    open.push(new Open(id, closing));
    return id;
  }

  long space(long id) {
    return keep(id, H5::H5Sclose);
  }

  long type(long id) {
    return keep(id, H5::H5Tclose);
  }

  long properties(long id) {
    return keep(id, H5::H5Pclose);
  }

  long attribute(long id) {
    return keep(id, H5::H5Aclose);
  }

  long object(long id) {
    return keep(id, H5::H5Oclose);
  }

  long dataset(long id) {
    return keep(id, H5::H5Dclose);
  }

  /** Lets an object live on, which is the last that was opened. */
  long release(long id) {
    open.removeIf(one -> one.id == id);
    return id;
  }

  /** Closes all, even if one can't be. */
  @Override
  public void close() {
    HDF5Exception failure = null;
    while (!open.isEmpty()) {
      Open one = open.pop();
      try {
        one.closing.close(one.id);
      } catch (HDF5Exception e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
