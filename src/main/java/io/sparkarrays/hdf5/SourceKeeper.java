// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ByteSource;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;

/** Opens the files of virtual sources for someone who may know them from an earlier read. */
@FunctionalInterface
public interface SourceKeeper {

  /** A file of sources, until it is closed. */
  interface Opened extends Closeable {

    /** The file. */
    Hdf5File file();

    /** The data sets that were looked up in it, by path; may be shared with other users. */
    Map<String, Dataset> datasets();
  }

  /**
   * Opens a file as HDF5.
   *
   * @param found its bytes, which are closed if that fails, and with it else
   * @param locator finds the files that it leads to
   */
  Opened open(ByteSource found, FileLocator locator) throws IOException;

  /** Knows nothing: each file is opened anew, and its elements are read by the given reader. */
  static SourceKeeper none(DataReader dataReader) {
    return new ForgottenSources(dataReader);
  }
}
