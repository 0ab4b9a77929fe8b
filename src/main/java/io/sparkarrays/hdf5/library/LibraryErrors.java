// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.HDF5Constants;
import hdf.hdf5lib.callbacks.H5E_walk_cb;
import hdf.hdf5lib.callbacks.H5E_walk_t;
import hdf.hdf5lib.exceptions.HDF5Exception;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What the library says of a call that failed, as it must be asked before the next call. */
final class LibraryErrors {

  /** ENOSPC everywhere, EDQUOT of Linux and of macOS; the text that goes with it is translated. */
  private static final Pattern DISK_FULL = Pattern.compile("errno = (28|122|69)\\b");

  private LibraryErrors() {}

  static ArrayException failed(Object where, HDF5Exception e, String remedy) {
    return new ArrayException(
        ErrorCode.HDF5_LIBRARY_FAILED,
        where,
        "the HDF Group's library "
            + Hdf5Library.load()
            + " says: "
            + reason(e).replaceAll("\\s+", " "),
        remedy,
        e);
  }

  /** Whether it is said that there is no space, or no more for this user. */
  static boolean isDiskFull(ArrayException e) {
    return DISK_FULL.matcher(e.getMessage()).find();
  }

  /** What went wrong in the innermost call, which the exception itself may not say. */
  private static String reason(HDF5Exception e) {
    List<String> calls = new ArrayList<>();
    try {
      H5E_walk_cb collect =
          (number, error, data) -> {
            calls.add(error.desc);
            return 0;
          };
      H5.H5Ewalk2(
          HDF5Constants.H5E_DEFAULT, HDF5Constants.H5E_WALK_UPWARD, collect, new H5E_walk_t() {});
    } catch (HDF5Exception again) {
      return e.getMessage();
    }
    return calls.isEmpty() ? e.getMessage() : e.getMessage() + ", " + calls.get(0);
  }
}
