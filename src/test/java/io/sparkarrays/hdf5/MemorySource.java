// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ByteSource;
import java.nio.ByteBuffer;

/** A file in memory, as tests damage it; counts nothing, locks nothing. */
record MemorySource(String name, byte[] bytes) implements ByteSource {

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public void readFully(long position, ByteBuffer destination) {
    // A read outside of the file is a bug of the reader, which knows the size.
    destination.put(bytes, Math.toIntExact(position), destination.remaining());
  }

  @Override
  public void close() {}
}
