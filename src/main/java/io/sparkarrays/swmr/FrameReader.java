// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.Dataset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads a data set frame by frame: its first dimensions are the scan's, the others are the frame's.
 * Used by one thread at a time; the file must stay open.
 */
public final class FrameReader implements ScanData {

  private final Dataset dataset;

  /** The same, but sources that are not there yet are no error; no frame is read of it. */
  private final Dataset live;

  private final int scanRank;
  private final boolean numbersMayChange;
  private final FrameMemory memory = new FrameMemory();

  /** The scan by which frames are numbered, since the first one was read. */
  private Shape numbered;

  /**
   * @param dataset what to read
   * @param scanRank dimensions of the scan: 1 for a stack of images, 2 for a grid
   * @throws ArrayException {@code SCAN_SHAPES_DIFFER} if the data set has fewer dimensions
   */
  public FrameReader(Dataset dataset, int scanRank) {
    this.dataset = dataset;
    this.live = LiveFiles.awaiting(dataset);
    this.scanRank = scanRank;
    int rank = live.shape().rank();
    if (scanRank > rank) {
      ScanShapes.requireRank(scanRank, rank, dataset);
    }
    long[] max = dataset.maxDims();
    boolean may = false;
    for (int axis = 1; axis < scanRank; axis++) {
      may |= max[axis] != live.shape().dim(axis);
    }
    this.numbersMayChange = may;
  }

  /** The data set that is read. */
  public Dataset dataset() {
    return dataset;
  }

  /** The extents of the scan as of the last look. */
  public Shape scan() {
    return live.shape().slice(0, scanRank);
  }

  /** The extents of a frame. */
  public Shape frameShape() {
    Shape shape = live.shape();
    return shape.slice(scanRank, shape.rank());
  }

  /** As {@link #readFrame(long, boolean)}, and looks at the file again only if it must. */
  public Frame readFrame(long index) throws IOException {
    return readFrame(index, false);
  }

  /**
   * Reads the frame of an index, which counts the points of the scan in C order. A frame that is
   * not there as far as is known is looked for again, once, without waiting.
   *
   * @param refresh whether to look at the present extents in any case
   * @throws ArrayException {@code FRAME_NOT_WRITTEN} if it is not in the file yet; {@code
   *     SCAN_CHANGED} if frames have other numbers than when the first one was read
   */
  public Frame readFrame(long index, boolean refresh) throws IOException {
    return read(find(index, refresh));
  }

  /** Looks for a frame, and gives where it is. */
  private long[] find(long index, boolean refresh) throws IOException {
    if (refresh || numbersMayChange || !isWritten(index)) {
      refresh();
      if (!isWritten(index)) {
        throw notWritten("frame " + index);
      }
    }
    numbered = scan();
    return ScanPosition.raster(index, numbered);
  }

  /**
   * As {@link #readFrame(long)}, into memory of the caller, as whoever reads many large frames has
   * no need of new memory for each.
   *
   * @param into takes the elements from its position on, which moves behind them; the frame is a
   *     view of it, and changes with it
   * @throws IllegalArgumentException if less than {@link #frameBytes()} remain in it
   */
  public Frame readFrame(long index, ByteBuffer into) throws IOException {
    long[] position = find(index, false);
    if (into.remaining() < frameBytes()) {
      throw new IllegalArgumentException(
          "a frame of " + dataset + " has " + frameBytes() + " bytes, not " + into.remaining());
    }
    ByteBuffer frame = into.slice(into.position(), Math.toIntExact(frameBytes()));
    into.position(into.position() + frame.capacity());
    return read(position, frame).ofCaller();
  }

  /** Bytes of a frame's elements, as {@link Frame#bytes()} has them. */
  public long frameBytes() {
    int width =
        isStoredAsItIs() ? dataset.datatype().size() : dataset.valueDtype().orElseThrow().size();
    return width * frameShape().size();
  }

  /** Whether elements are no numbers, or numbers that need no decoding. */
  private boolean isStoredAsItIs() {
    return dataset.dtype().isPresent() || dataset.valueDtype().isEmpty();
  }

  private boolean isWritten(long index) throws IOException {
    Shape scan = scan();
    return index >= 0 && index < scan.size() && isWritten(ScanPosition.raster(index, scan));
  }

  private ArrayException notWritten(String frame) {
    return new ArrayException(
        ErrorCode.FRAME_NOT_WRITTEN,
        dataset,
        frame + " is not in the file; the data set's shape is " + live.shape(),
        "Ask for it again once the writer has flushed it, as a KeyFollower tells");
  }

  @Override
  public void refresh() throws IOException {
    dataset.refresh();
    if (live != dataset) {
      live.refresh();
    }
    if (numbered != null) {
      ScanShapes.requireSameNumbers(numbered, scan(), dataset);
    }
  }

  private Hyperslab slab(long... position) {
    Shape shape = live.shape();
    long[] start = Arrays.copyOf(position, shape.rank());
    long[] count = shape.dims();
    Arrays.fill(count, 0, scanRank, 1);
    return Hyperslab.of(start, count);
  }

  @Override
  public boolean isWritten(long... position) throws IOException {
    return live.isStored(slab(position));
  }

  @Override
  public Frame read(long... position) throws IOException {
    return read(position, memory.take(Math.toIntExact(frameBytes())));
  }

  @Override
  public void recycle(Frame frame) {
    ByteBuffer released = frame.release();
    if (released != null) {
      memory.giveBack(released);
    }
  }

  private Frame read(long[] position, ByteBuffer values) throws IOException {
    Hyperslab slab = slab(position);
    if (!live.isStored(slab)) {
      throw notWritten("the frame at " + Arrays.toString(position));
    }
    SliceMetadata slices = SliceMetadata.at(position);
    if (isStoredAsItIs()) {
      dataset.read(slab, values);
      return new Frame(slab.shape(), slices, dataset.dtype(), values.flip());
    }
    long size = slab.shape().size() * dataset.datatype().size();
    ByteBuffer stored = ByteBuffer.allocate(Math.toIntExact(size));
    dataset.read(slab, stored);
    dataset.numberDecoder().decode(stored.flip(), 0, values);
    return new Frame(slab.shape(), slices, dataset.valueDtype(), values);
  }
}
