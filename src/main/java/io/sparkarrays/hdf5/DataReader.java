// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

/** Who reads a file's elements; what the file says of itself is always read here. */
public enum DataReader {
  /**
   * We do, but for chunked data sets with a filter that only the HDF Group's library undoes, if it
   * is on the class path and the file is local.
   */
  AUTO,
  /** We do. */
  JAVA,
  /**
   * The HDF Group's library: one thread at a time, local files only. Elements that point to others
   * of their own (variable length, references) and virtual data sets are read by us all the same.
   */
  LIBRARY
}
