// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.hdf5.format.DataLayout;
import io.sparkarrays.hdf5.format.DatasetHeader;
import io.sparkarrays.hdf5.format.Metadata;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads the elements of one layout. Keeps scratch: one thread uses it at a time. */
abstract class StorageReader {

  /**
   * Fills a buffer with a slab.
   *
   * @param slab elements inside the data set's shape, at least one
   * @param destination from its position to its limit exactly as large as the slab; where the
   *     position is afterwards doesn't matter
   */
  abstract void read(Hyperslab slab, ByteBuffer destination) throws IOException;

  /** Keeps so many decoded chunks for later reads. */
  void keep(int chunks) {}

  /** Chunks that were read so far. */
  long chunksRead() {
    return 0;
  }

  /** How long decoding them took. */
  long decodeNanos() {
    return 0;
  }

  static StorageReader of(Dataset dataset, DatasetState state) throws IOException {
    DatasetHeader header = state.header();
    DataLayout layout = header.layout();
    LibraryReader library = LibraryReader.ifWanted(dataset, header);
    if (library != null) {
      return library;
    }
    if (layout instanceof DataLayout.Compact compact) {
      return new PlainReader(header, PlainReader.compact(header, compact));
    } else if (layout instanceof DataLayout.Contiguous contiguous) {
      return contiguous.address() == Metadata.UNDEFINED
          ? new FillReader(header)
          : new PlainReader(header, PlainReader.contiguous(header, contiguous));
    } else if (layout instanceof DataLayout.External external) {
      return new PlainReader(header, new ExternalBytes(dataset, external.segments()));
    } else if (layout instanceof DataLayout.Chunked chunked) {
      return new ChunkReader(dataset, state, chunked);
    }
    if (VirtualReader.hasPointers(header.type())) {
      throw header
          .metadata()
          .unsupported(
              "reading elements of variable length out of a virtual data set as bytes",
              "Read their values");
    }
    return new VirtualReader(state.virtual());
  }
}
