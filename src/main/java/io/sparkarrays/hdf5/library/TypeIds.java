// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.HDF5Constants;
import java.util.Arrays;

/**
 * The ids of types that the library has open. Its Java API leaves one open each time that it reads
 * elements that hold arrays, for good.
 */
final class TypeIds {

  private TypeIds() {}

  /** How many are open. */
  static long count() {
    return H5.H5Fget_obj_count(HDF5Constants.H5F_OBJ_ALL, HDF5Constants.H5F_OBJ_DATATYPE);
  }

  /** Closes the newest until so many are open; nobody else may have opened any since. */
  static void closeDownTo(long count) {
    long open = count();
    if (open <= count) {
      return;
    }
    long[] ids = new long[Math.toIntExact(open)];
    H5.H5Fget_obj_ids(HDF5Constants.H5F_OBJ_ALL, HDF5Constants.H5F_OBJ_DATATYPE, open, ids);
    // Ids are given in rising order, and not again.
    Arrays.sort(ids);
    for (int i = Math.toIntExact(count); i < ids.length; i++) {
      H5.H5Tclose(ids[i]);
    }
  }
}
