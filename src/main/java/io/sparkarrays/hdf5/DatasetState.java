// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.format.ChunkGrid;
import io.sparkarrays.hdf5.format.ChunkIndex;
import io.sparkarrays.hdf5.format.DataLayout;
import io.sparkarrays.hdf5.format.DatasetHeader;
import io.sparkarrays.hdf5.format.GlobalHeap;
import io.sparkarrays.hdf5.format.Metadata;
import io.sparkarrays.hdf5.virtual.VirtualArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A data set as of one look at its header, with the index of its chunks and the readers that its
 * threads use in turn: each reader has scratch that has grown to its size.
 */
final class DatasetState {

  /** Chunks of a live file's index that are read at once. */
  private static final long STRETCH = 128;

  private static final int MAX_STRETCHES = 64;

  private final Dataset dataset;
  private final DatasetHeader header;
  private final Deque<DatasetReader> idle = new ArrayDeque<>();
  private final GlobalHeap heap;
  private volatile ChunkIndex index;
  private VirtualArray virtual;

  /** The parts of a live file's index that were used last. */
  private final Map<Long, ChunkStretch> stretches = new LinkedHashMap<>(16, 0.75f, true);

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

  /**
   * The part of the chunk index with a chunk. It is all of it, read once, in a file that stays as
   * it is; of one that a writer extends only what is asked for is read, so that a look at the
   * latest chunks costs the same however many there are.
   */
  ChunkStretch stretch(long number) throws IOException {
    if (dataset.file().status() != WriterStatus.OPEN_FOR_SWMR) {
      return new ChunkStretch(0, Long.MAX_VALUE, index());
    }
    synchronized (stretches) {
      ChunkStretch stretch = stretches.get(number / STRETCH);
      if (stretch == null) {
        long first = number - number % STRETCH;
        DataLayout.Chunked layout = (DataLayout.Chunked) header.layout();
        ChunkIndex part = dataset.readIndex(header, layout, first, first + STRETCH);
        stretch = new ChunkStretch(first, first + STRETCH, part);
        stretches.put(number / STRETCH, stretch);
        if (stretches.size() > MAX_STRETCHES) {
          stretches.remove(stretches.keySet().iterator().next());
        }
      }
      return stretch;
    }
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
    } else if (layout instanceof DataLayout.Chunked chunked && slab.shape().size() > 0) {
      return !meets(new ChunkGrid(shape, chunked.chunk()), slab, false);
    } else if (layout instanceof DataLayout.Virtual && slab.shape().size() > 0) {
      return virtual().isStored(slab);
    }
    return true;
  }

  /** Whether none of the chunks that a slab meets is stored, as far as the layout can tell. */
  boolean isUnwritten(Hyperslab slab) throws IOException {
    slab.checkInside(shape());
    if (header.layout() instanceof DataLayout.Chunked chunked && slab.shape().size() > 0) {
      return !meets(new ChunkGrid(header.space().shape(), chunked.chunk()), slab, true);
    }
    return header.layout() instanceof DataLayout.Contiguous contiguous
        && contiguous.address() == Metadata.UNDEFINED;
  }

  /** Whether a slab meets a chunk that is stored, or one that is not. */
  private boolean meets(ChunkGrid grid, Hyperslab slab, boolean stored) throws IOException {
    SlabPart part = new SlabPart(grid.chunk());
    part.start(slab);
    ChunkStretch stretch = ChunkStretch.NONE;
    do {
      long number = part.number(grid);
      if (!stretch.contains(number)) {
        stretch = stretch(number);
      }
      if (stretch.index().find(number) >= 0 == stored) {
        return true;
      }
    } while (part.next());
    return false;
  }

  /** Chunks of the index if it was read, else 0. */
  int knownChunks() {
    ChunkIndex known = index;
    return known == null ? 0 : known.count();
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

  /** A reader with scratch of its own. */
  DatasetReader reader() throws IOException {
    return new DatasetReader(header, shape(), StorageReader.of(dataset, this));
  }
}
