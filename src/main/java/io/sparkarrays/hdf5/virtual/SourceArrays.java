// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Opens the sources of a virtual data set by the names that its mappings have. What is opened may
 * stay open for the next one who asks. Threads share it.
 */
public interface SourceArrays {

  /** A source while it is used. */
  interface Lease extends AutoCloseable {
    SourceArray array();

    @Override
    void close() throws IOException;
  }

  /**
   * A source; empty if its file or the data set in it is not there.
   *
   * @throws io.sparkarrays.core.ArrayException if there is something that can't be read
   */
  Optional<Lease> open(String file, String dataset) throws IOException;

  /** Where the file of a name is looked for, in order. */
  List<String> candidates(String file);

  /** Where the file of a name is, or where it is looked for first if it is nowhere. */
  String locate(String file) throws IOException;

  /** How many files were opened so far. */
  long opened();
}
