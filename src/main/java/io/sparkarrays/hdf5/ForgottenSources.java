// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ByteSource;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Opens each file of virtual sources anew.
 *
 * @param dataReader reads their elements
 */
record ForgottenSources(DataReader dataReader) implements SourceKeeper {

  private record File(Hdf5File file, Map<String, Dataset> datasets) implements Opened {
    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  @Override
  public Opened open(ByteSource found, FileLocator locator) throws IOException {
    return new File(Hdf5File.open(found, locator, dataReader), new ConcurrentHashMap<>());
  }
}
