// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.format.ChunkIndex;
import io.sparkarrays.hdf5.format.DataLayout;
import io.sparkarrays.hdf5.format.DatasetHeader;
import io.sparkarrays.hdf5.format.GlobalHeap;
import io.sparkarrays.hdf5.virtual.VirtualArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A data set as of one look at its header, with the index of its chunks and the readers that its
 * threads use in turn: each reader has scratch that has grown to its size.
 */
final class DatasetState {

  private final Dataset dataset;
  private final DatasetHeader header;
  private final Deque<StorageReader> idle = new ArrayDeque<>();
  private final GlobalHeap heap;
  private ChunkIndex index;
  private VirtualArray virtual;

  DatasetState(Dataset dataset, DatasetHeader header) {
    this.dataset = dataset;
    this.header = header;
    this.heap = new GlobalHeap(header.metadata());
  }

  DatasetHeader header() {
    return header;
  }

  /** What elements of variable length point to. */
  GlobalHeap heap() {
    return heap;
  }

  /** The chunk index; read by the first thread that asks, while others wait. */
  synchronized ChunkIndex index() throws IOException {
    if (index == null) {
      index = dataset.readIndex(header, (DataLayout.Chunked) header.layout());
    }
    return index;
  }

  /** What a virtual data set is made of; found by the first thread that asks. */
  synchronized VirtualArray virtual() throws IOException {
    if (virtual == null) {
      virtual = dataset.resolve(header);
    }
    return virtual;
  }

  /** The extents, of which those along growing sources are theirs. */
  Shape shape() throws IOException {
    boolean isVirtual = header.layout() instanceof DataLayout.Virtual && !header.space().isNull();
    return isVirtual ? virtual().plan().shape() : header.space().shape();
  }

  void read(Hyperslab slab, ByteBuffer destination) throws IOException {
    slab.checkInside(shape());
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
    StorageReader reader;
    synchronized (idle) {
      reader = idle.poll();
    }
    if (reader == null) {
      reader = StorageReader.of(dataset, this);
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
    // After an error the reader is left to the collector: its scratch may be in any state.
    synchronized (idle) {
      idle.push(reader);
    }
  }
}
