// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.format.DatasetHeader;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads elements of a data set as it was when this was made, and counts the chunks on the way. It
 * keeps its scratch from read to read, so each thread needs its own.
 */
public final class DatasetReader {

  private final DatasetHeader header;
  private final Shape shape;
  private final StorageReader reader;

  /**
   * @param shape the extents, which a virtual data set's header does not know
   */
  DatasetReader(DatasetHeader header, Shape shape, StorageReader reader) {
    this.header = header;
    this.shape = shape;
    this.reader = reader;
  }

  /** As {@link Dataset#read}. */
  public void read(Hyperslab slab, ByteBuffer destination) throws IOException {
    slab.checkInside(shape);
    long bytes = header.space().isNull() ? 0 : slab.shape().size() * header.type().size();
    if (bytes > destination.remaining()) {
      throw new IllegalArgumentException(
          slab
              + " has "
              + bytes
              + " bytes, but the buffer has room for "
              + destination.remaining());
    }
    if (bytes == 0) {
      return;
    }
    int start = destination.position();
    int limit = destination.limit();
    destination.limit(start + (int) bytes);
    try {
      reader.read(slab, destination);
    } finally {
      destination.limit(limit);
    }
    destination.position(start + (int) bytes);
  }

  /**
   * Keeps decoded chunks, of which slabs take parts, for later slabs that take more of them; by
   * default the last one.
   *
   * @param chunks how many at most
   */
  public void keep(int chunks) {
    reader.keep(chunks);
  }

  /** Chunks that were read so far; one that was read twice counts twice. */
  public long chunksRead() {
    return reader.chunksRead();
  }

  /** How long decoding them took. */
  public long decodeNanos() {
    return reader.decodeNanos();
  }
}
