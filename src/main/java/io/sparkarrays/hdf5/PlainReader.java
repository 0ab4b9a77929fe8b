// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.hdf5.format.DataLayout;
import io.sparkarrays.hdf5.format.DatasetHeader;
import io.sparkarrays.hdf5.format.Metadata;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads elements that lie in C order in one piece: all of a data set. */
final class PlainReader extends StorageReader {

  private final PlainBytes bytes;
  private final SlabPart part;
  private final PlainRuns runs;

  PlainReader(DatasetHeader header, PlainBytes bytes) {
    this.bytes = bytes;
    this.part = new SlabPart(header.space().shape());
    this.runs = new PlainRuns(header.type().size());
  }

  @Override
  void read(Hyperslab slab, ByteBuffer destination) throws IOException {
    part.start(slab);
    runs.read(part, bytes, 0, destination);
  }

  static PlainBytes contiguous(DatasetHeader header, DataLayout.Contiguous layout)
      throws IOException {
    Metadata metadata = header.metadata();
    long size = header.space().shape().size();
    int element = header.type().size();
    if (size > Long.MAX_VALUE / element) {
      throw metadata.damaged(layout.address(), "contiguous data", size + " elements", "fewer");
    }
    long length = size * element;
    metadata.require(layout.address(), length, "contiguous data");
    long start = metadata.base() + layout.address();
    return (position, destination) -> metadata.source().readFully(start + position, destination);
  }

  static PlainBytes compact(DatasetHeader header, DataLayout.Compact layout) {
    byte[] data = layout.data();
    long due = header.space().shape().size();
    if (due > data.length / header.type().size()) {
      throw header
          .metadata()
          .damaged(header.address(), "compact data", data.length + " bytes", due + " elements");
    }
    return (position, destination) ->
        destination.put(data, (int) position, destination.remaining());
  }
}
