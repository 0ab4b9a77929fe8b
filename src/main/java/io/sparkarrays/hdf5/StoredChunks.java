// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.hdf5.format.ChunkGrid;
import io.sparkarrays.hdf5.format.ChunkIndex;
import io.sparkarrays.hdf5.format.ChunkIndexReader;
import io.sparkarrays.hdf5.format.DataLayout;
import io.sparkarrays.hdf5.format.DatasetHeader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which chunks of a data set are stored, as of one look at its header. The index is read once in a
 * file that stays as it is; of one that a writer extends only what is asked for is read, so that a
 * look at the latest chunks costs the same however many there are.
 */
final class StoredChunks {

  /** Chunks of a live file's index that are read at once. */
  private static final long STRETCH = 128;

  private static final int MAX_STRETCHES = 64;

  private final Hdf5File file;
  private final DatasetHeader header;
  private final DataLayout.Chunked layout;
  private volatile ChunkIndex index;

  /** The parts of a live file's index that were used last. */
  private final Map<Long, ChunkStretch> stretches = new LinkedHashMap<>(16, 0.75f, true);

  StoredChunks(Hdf5File file, DatasetHeader header, DataLayout.Chunked layout) {
    this.file = file;
    this.header = header;
    this.layout = layout;
  }

  /** All of the index; read by the first thread that asks, while others wait. */
  synchronized ChunkIndex index() throws IOException {
    if (index == null) {
      index = read(0, Long.MAX_VALUE);
    }
    return index;
  }

  /** Chunks of the index if it was read, else 0. */
  int known() {
    ChunkIndex known = index;
    return known == null ? 0 : known.count();
  }

  /** The part of the index with a chunk: all of it in a file that stays as it is. */
  ChunkStretch stretch(long number) throws IOException {
    if (file.status() != WriterStatus.OPEN_FOR_SWMR) {
      return new ChunkStretch(0, Long.MAX_VALUE, index());
    }
    synchronized (stretches) {
      ChunkStretch stretch = stretches.get(number / STRETCH);
      if (stretch == null) {
        long first = number - number % STRETCH;
        stretch = new ChunkStretch(first, first + STRETCH, read(first, first + STRETCH));
        stretches.put(number / STRETCH, stretch);
        if (stretches.size() > MAX_STRETCHES) {
          stretches.remove(stretches.keySet().iterator().next());
        }
      }
      return stretch;
    }
  }

  /** Reads the index, which must be younger than the extents, for some chunks. */
  private ChunkIndex read(long first, long end) throws IOException {
    return file.steady(() -> ChunkIndexReader.read(header, layout, first, end));
  }

  /** Whether a slab of at least one element meets a chunk that is stored, or one that is not. */
  boolean meets(Hyperslab slab, boolean stored) throws IOException {
    ChunkGrid grid = new ChunkGrid(header.space().shape(), layout.chunk());
    SlabPart part = new SlabPart(layout.chunk());
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
}
