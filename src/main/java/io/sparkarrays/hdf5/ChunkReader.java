// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.codec.DecodeException;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.hdf5.filter.FilterPipeline;
import io.sparkarrays.hdf5.format.ChunkGrid;
import io.sparkarrays.hdf5.format.ChunkIndex;
import io.sparkarrays.hdf5.format.DataLayout;
import io.sparkarrays.hdf5.format.DatasetHeader;
import io.sparkarrays.hdf5.format.Metadata;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads elements out of chunks. A chunk that lies in one piece in the destination is decoded
 * straight into it; of others the last ones stay decoded, for slabs that take them part by part.
 */
final class ChunkReader extends StorageReader implements SlabPart.RunConsumer {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Hdf5File file;
  private final Metadata metadata;
  private final StoredChunks chunks;
  private final ChunkGrid grid;
  private final boolean filtered;
  private final boolean plainEdges;
  private final long chunkBytes;
  private final int size;
  private final SlabPart part;
  private final PlainRuns plainRuns;
  private final PlainBytes bytes;
  private final FilterPipeline pipeline;
  private final FillValue fill;

  /** The part of the chunk index that was used last. */
  private ChunkStretch stretch = ChunkStretch.NONE;

  private ChunkIndex index;
  private ByteBuffer stored = NOTHING;
  private ByteBuffer chunk = NOTHING;
  private final DecodedChunks decoded = new DecodedChunks();
  private ByteBuffer out;
  private int outStart;

  private long chunksRead;
  private long decodeNanos;

  /** Whether runs are of a missing chunk. */
  private boolean filling;

  ChunkReader(Dataset dataset, DatasetState state, DataLayout.Chunked layout) {
    DatasetHeader header = state.header();
    this.file = dataset.file();
    this.metadata = header.metadata();
    this.chunks = state.chunks();
    this.grid = new ChunkGrid(header.space().shape(), layout.chunk());
    this.filtered = !header.filters().isEmpty();
    this.plainEdges = layout.plainEdges();
    this.size = header.type().size();
    this.chunkBytes = layout.chunk().size() * size;
    this.part = new SlabPart(layout.chunk());
    this.plainRuns = new PlainRuns(size);
    this.bytes = metadata.source()::readFully;
    this.pipeline = new FilterPipeline(header.filters(), dataset.toString());
    this.fill = new FillValue(header);
  }

  @Override
  void keep(int chunks) {
    decoded.keep(chunks);
  }

  @Override
  long chunksRead() {
    return chunksRead;
  }

  @Override
  long decodeNanos() {
    return decodeNanos;
  }

  @Override
  void read(Hyperslab slab, ByteBuffer destination) throws IOException {
    out = destination;
    outStart = destination.position();
    part.start(slab);
    do {
      chunk();
    } while (part.next());
    out = null;
  }

  private void chunk() throws IOException {
    long number = part.number(grid);
    if (!stretch.contains(number)) {
      stretch = chunks.stretch(number);
      index = stretch.index();
    }
    int place = index.find(number);
    filling = place < 0;
    if (filling) {
      part.forEachRun(this);
      return;
    }
    ByteBuffer known = decoded.find(number);
    chunksRead += known == null ? 1 : 0;
    if (!filtered || (plainEdges && grid.isEdge(number))) {
      metadata.require(index.address(place), chunkBytes, "chunk");
      out.position(outStart);
      plainRuns.read(part, bytes, metadata.base() + index.address(place), out);
    } else if (known != null) {
      chunk = known;
      part.forEachRun(this);
    } else if (part.isWholeBox()) {
      int end = out.limit();
      int at = outStart + (int) (part.firstInSlab() * size);
      out.limit(at + (int) chunkBytes).position(at);
      decode(place, out);
      out.limit(end);
    } else {
      chunk = scratch(place);
      decode(place, chunk);
      if (file.status() != WriterStatus.OPEN_FOR_SWMR) {
        decoded.put(number);
      }
      part.forEachRun(this);
    }
  }

  @Override
  public void accept(long inBox, long inSlab, long length) {
    int at = outStart + (int) (inSlab * size);
    if (filling) {
      fill.put(out, at, length);
    } else {
      out.put(at, chunk, (int) (inBox * size), (int) (length * size));
    }
  }

  /** Room for the decoded chunk, taken only if its stored bytes can fill it. */
  private ByteBuffer scratch(int place) throws IOException {
    long address = index.address(place);
    metadata.require(address, index.size(place), "chunk");
    if (chunkBytes > Integer.MAX_VALUE - 8) {
      throw metadata.unsupported(
          "a filtered chunk of " + chunkBytes + " bytes", "Write smaller chunks");
    }
    try {
      pipeline.check(index.size(place), index.filterMask(place), chunkBytes);
    } catch (DecodeException e) {
      throw damaged(place, e);
    }
    return decoded.room((int) chunkBytes).limit((int) chunkBytes);
  }

  /** Decodes a chunk into all that remains of a buffer. */
  private void decode(int place, ByteBuffer target) throws IOException {
    if (file.status() != WriterStatus.OPEN_FOR_SWMR) {
      decodeOnce(place, target);
      return;
    }
    int start = target.position();
    file.steady(
        () -> {
          decodeOnce(place, target.position(start));
          return target;
        });
  }

  private void decodeOnce(int place, ByteBuffer target) throws IOException {
    long address = index.address(place);
    long length = index.size(place);
    metadata.require(address, length, "chunk");
    if (length > Integer.MAX_VALUE - 8) {
      throw metadata.unsupported("a chunk stored in " + length + " bytes", "Write smaller chunks");
    }
    if (stored.capacity() < length) {
      // With some to spare, so that chunks of slowly growing sizes don't each take new memory.
      long room = Math.min(Integer.MAX_VALUE - 8, length + length / 4);
      stored = ByteBuffer.allocate((int) room);
    }
    stored.clear().limit((int) length);
    metadata.source().readFully(metadata.base() + address, stored);
    long start = System.nanoTime();
    try {
      pipeline.decode(stored.flip(), index.filterMask(place), target);
    } catch (DecodeException e) {
      throw damaged(place, e);
    }
    decodeNanos += System.nanoTime() - start;
  }

  private ArrayException damaged(int place, DecodeException e) {
    return metadata.damaged(
        index.address(place),
        "chunk " + index.number(place),
        e.getMessage(),
        chunkBytes + " bytes out of its filters");
  }
}
