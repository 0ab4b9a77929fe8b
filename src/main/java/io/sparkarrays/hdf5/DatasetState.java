// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.format.DataLayout;
import io.sparkarrays.hdf5.format.DatasetHeader;
import io.sparkarrays.hdf5.format.Datatype;
import io.sparkarrays.hdf5.format.GlobalHeap;
import io.sparkarrays.hdf5.format.Metadata;
import io.sparkarrays.hdf5.virtual.VirtualArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A data set as of one look at its header, with what was found out on it since, and the readers
 * that its threads use in turn: each reader has scratch that has grown to its size.
 */
final class DatasetState {

  /** Most bytes of elements that are made objects at once. */
  private static final int MAX_VALUES = 1 << 30;

  private final Dataset dataset;
  private final DatasetHeader header;
  private final VirtualUse use;
  private final Deque<DatasetReader> idle = new ArrayDeque<>();
  private final GlobalHeap heap;

  /** Null if the data set has no chunks. */
  private final StoredChunks chunks;

  private VirtualArray virtual;

  DatasetState(Dataset dataset, DatasetHeader header, VirtualUse use) {
    this.dataset = dataset;
    this.header = header;
    this.use = use;
    this.heap = new GlobalHeap(header.metadata());
    this.chunks =
        header.layout() instanceof DataLayout.Chunked chunked
            ? new StoredChunks(dataset.file(), header, chunked)
            : null;
  }

  DatasetHeader header() {
    return header;
  }

  /** What elements of variable length point to. */
  GlobalHeap heap() {
    return heap;
  }

  /** The stored chunks; null if the layout has none. */
  StoredChunks chunks() {
    return chunks;
  }

  boolean isVirtual() {
    return header.layout() instanceof DataLayout.Virtual && !header.space().isNull();
  }

  /** What a virtual data set is made of; found by the first thread that asks. */
  synchronized VirtualArray virtual() throws IOException {
    if (virtual == null) {
      virtual = use.resolve(dataset, header);
    }
    return virtual;
  }

  /** The extents, of which those along growing sources are theirs. */
  Shape shape() throws IOException {
    return isVirtual() ? virtual().plan().shape() : header.space().shape();
  }

  /** Whether a slab lies inside the extents, and all chunks that it meets are stored. */
  boolean isStored(Hyperslab slab) throws IOException {
    Shape shape = shape();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (slab.indexFrom(axis, shape.dim(axis)) < slab.shape().dim(axis)) {
        return false;
      }
    }
    DataLayout layout = header.layout();
    if (layout instanceof DataLayout.Contiguous contiguous) {
      return contiguous.address() != Metadata.UNDEFINED;
    } else if (chunks != null && slab.shape().size() > 0) {
      return !chunks.meets(slab, false);
    } else if (layout instanceof DataLayout.Virtual && slab.shape().size() > 0) {
      return virtual().isStored(slab);
    }
    return true;
  }

  /** Whether none of the chunks that a slab meets is stored, as far as the layout can tell. */
  boolean isUnwritten(Hyperslab slab) throws IOException {
    slab.checkInside(shape());
    if (chunks != null && slab.shape().size() > 0) {
      return !chunks.meets(slab, true);
    }
    return header.layout() instanceof DataLayout.Contiguous contiguous
        && contiguous.address() == Metadata.UNDEFINED;
  }

  void read(Hyperslab slab, ByteBuffer destination) throws IOException {
    DatasetReader reader;
    synchronized (idle) {
      reader = idle.poll();
    }
    if (reader == null) {
      reader = reader();
    }
    reader.read(slab, destination);
    // After an error the reader is left to the collector: its scratch may be in any state.
    synchronized (idle) {
      idle.push(reader);
    }
  }

  /** Elements as Java objects. */
  List<Object> values(Hyperslab slab) throws IOException {
    Datatype type = header.type();
    boolean none = header.space().isNull();
    if (isVirtual() && VirtualReader.hasPointers(type)) {
      Object empty = new Values(heap).list(type, new byte[type.size()]).get(0);
      return virtual().values(slab, empty);
    }
    long bytes = none ? 0 : Math.multiplyExact(slab.shape().size(), type.size());
    if (bytes > MAX_VALUES) {
      throw new IllegalArgumentException(slab + " has " + bytes + " bytes, more than 2^30");
    }
    byte[] elements = new byte[(int) bytes];
    if (!none) {
      read(slab, ByteBuffer.wrap(elements));
    }
    return dataset.file().steady(() -> new Values(heap).list(type, elements));
  }

  /** A reader with scratch of its own. */
  DatasetReader reader() throws IOException {
    return new DatasetReader(header, shape(), StorageReader.of(dataset, this));
  }
}
