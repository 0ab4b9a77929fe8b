// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ByteSource;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.FileLocator;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.SourceKeeper;
import io.sparkarrays.spark.options.SourceFiles;
import java.io.IOException;
import java.util.Map;

/**
 * Files of virtual sources out of those that are kept, so that tasks read headers and chunk indexes
 * of a source once for all of them.
 *
 * @param access how they are opened
 */
record KeptSources(FileAccess access) implements SourceKeeper {

  /** Keeps files, unless which files they may lead to depends on the one that leads to them. */
  static SourceKeeper of(FileAccess access) {
    return access.sources() == SourceFiles.ANY
        ? new KeptSources(access)
        : SourceKeeper.none(access.reader());
  }

  private record Source(KeptFiles.Use use) implements Opened {
    @Override
    public Hdf5File file() {
      return use.file();
    }

    @Override
    public Map<String, Dataset> datasets() {
      return use.sourceDatasets();
    }

    @Override
    public void close() throws IOException {
      use.close();
    }
  }

  @Override
  public Opened open(ByteSource found, FileLocator locator) throws IOException {
    found.close();
    return new Source(KeptFiles.open(found.name(), access));
  }
}
