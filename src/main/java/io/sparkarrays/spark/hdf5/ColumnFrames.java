// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.VariableBytes;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.DatasetReader;
import io.sparkarrays.spark.source.ChunkCounts;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameReference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The frames of one data set. They go straight into the caller's memory, but parts of the arrays
 * that elements may be, which go by way of scratch.
 */
final class ColumnFrames implements ColumnCursor {

  private static final int PIECE = 1 << 20;

  /** Most bytes of decoded chunks that are kept: a quarter of the heap if all cores do. */
  private static final long MOST_KEPT =
      Math.min(
          256L << 20,
          Runtime.getRuntime().maxMemory() / (4L * Runtime.getRuntime().availableProcessors()));

  private final Dataset dataset;
  private final DatasetReader reader;
  private final StoredColumn stored;
  private final Optional<ChunkTally> tally;
  private Hyperslab prepared;
  private ByteBuffer scratch = ByteBuffer.allocate(0);

  private ColumnFrames(Dataset dataset, StoredColumn stored) throws IOException {
    this.dataset = dataset;
    this.reader = dataset.reader();
    this.stored = stored;
    this.tally = stored.chunk().map(chunk -> new ChunkTally(dataset.shape(), chunk));
  }

  static ColumnFrames of(Dataset dataset, FrameColumn column) throws IOException {
    DatasetName name = new DatasetName(column.source(), column.name());
    return new ColumnFrames(
        dataset, StoredColumn.of(dataset, name, StoredColumn.scanRank(dataset, column)));
  }

  @Override
  public long frames() {
    return stored.scan().size();
  }

  boolean isOf(FrameColumn column) {
    return stored.column().equals(column);
  }

  /** Whether frames are whole elements of the data set, as a plan of a virtual one has them. */
  boolean isPlanned() {
    return stored.arrayRank() == 0;
  }

  String describe() {
    return FoundDatasets.describe(dataset);
  }

  @Override
  public void read(long from, long to, Hyperslab region, ByteBuffer destination)
      throws IOException {
    Shape frame = stored.column().frame();
    if (stored.arrayRank() == 0) {
      stored(from, to, region, destination);
      return;
    }
    // Whole elements by way of scratch, a few frames at a time.
    int outer = frame.rank() - stored.arrayRank();
    Hyperslab elements = leading(region, outer);
    long inElements = elements.shape().size();
    int elementBytes = dataset.datatype().size();
    long frameBytes = Math.multiplyExact(inElements, elementBytes);
    int step = (int) Math.max(1, Math.min(to - from, PIECE / Math.max(1, frameBytes)));
    for (long at = from; at < to; at += step) {
      long end = Math.min(to, at + step);
      int bytes = Math.toIntExact((end - at) * frameBytes);
      if (scratch.capacity() < bytes) {
        scratch = ByteBuffer.allocate(bytes);
      }
      stored(at, end, elements, scratch.clear().limit(bytes));
      scratch.flip();
      parts(region, outer, (end - at) * inElements, destination);
    }
  }

  /** Takes of the array in each element what a region has of it. */
  private void parts(Hyperslab region, int outer, long elements, ByteBuffer destination) {
    Shape array = stored.array();
    Hyperslab inner = trailing(region, outer);
    int size = stored.column().type().size();
    int elementBytes = dataset.datatype().size();
    for (int i = 0; i < elements; i++) {
      int element = i * elementBytes;
      inner.forEachRun(
          array,
          (offset, length) -> {
            int bytes = (int) length * size;
            destination.put(destination.position(), scratch, element + (int) offset * size, bytes);
            destination.position(destination.position() + bytes);
          });
    }
  }

  private static Hyperslab leading(Hyperslab region, int rank) {
    return part(region, 0, rank);
  }

  private static Hyperslab trailing(Hyperslab region, int from) {
    return part(region, from, region.shape().rank());
  }

  private static Hyperslab part(Hyperslab region, int from, int to) {
    long[] start = new long[to - from];
    for (int axis = from; axis < to; axis++) {
      start[axis - from] = region.start(axis);
    }
    return Hyperslab.of(start, region.shape().slice(from, to).dims());
  }

  /**
   * How many chunks hold a region of the same frames: batches end in the middle of them, and should
   * not decode them again. One if these are too many to be kept.
   */
  private int layer(Hyperslab region) {
    Optional<Shape> chunk = stored.chunk();
    Shape scan = stored.scan();
    int deep = 0;
    while (deep < scan.rank() && chunk.isPresent() && chunk.get().dim(deep) == 1) {
      deep++;
    }
    if (chunk.isEmpty() || deep == scan.rank()) {
      return 1;
    }
    long chunks = 1;
    for (int axis = deep + 1; axis < chunk.get().rank(); axis++) {
      long length = chunk.get().dim(axis);
      int inner = axis - scan.rank();
      long from = inner < 0 ? 0 : region.start(inner);
      long last = inner < 0 ? scan.dim(axis) - 1 : from + region.shape().dim(inner) - 1;
      chunks *= last / length - from / length + 1;
    }
    long bytes = chunk.get().size() * dataset.datatype().size();
    return chunks <= MOST_KEPT / Math.max(1, bytes) ? (int) chunks : 1;
  }

  /** Elements as they are stored. */
  private void stored(long from, long to, Hyperslab region, ByteBuffer destination)
      throws IOException {
    if (!region.equals(prepared)) {
      reader.keep(layer(region));
      prepared = region;
    }
    Shape scan = stored.scan();
    int inner = region.shape().rank();
    long[] start = new long[scan.rank() + inner];
    long[] count = new long[scan.rank() + inner];
    for (int axis = 0; axis < inner; axis++) {
      start[scan.rank() + axis] = region.start(axis);
      count[scan.rank() + axis] = region.shape().dim(axis);
    }
    ScanBoxes.forEach(
        scan,
        from,
        to,
        (boxStart, boxCount) -> {
          System.arraycopy(boxStart, 0, start, 0, boxStart.length);
          System.arraycopy(boxCount, 0, count, 0, boxCount.length);
          Hyperslab slab = Hyperslab.of(start, count);
          reader.read(slab, destination);
          tally.ifPresent(t -> t.read(slab));
        });
  }

  @Override
  public Optional<FrameReference> reference(long frame) {
    return StoredPlace.of(dataset);
  }

  @Override
  public void resolve(ValueType.Variable type, ByteBuffer elements, VariableBytes values)
      throws IOException {
    int size = type instanceof ValueType.Sequence sequence ? sequence.element().size() : 1;
    dataset.readVariable(elements, size, values);
  }

  @Override
  public Optional<ChunkCounts> chunks() {
    return tally.map(t -> new ChunkCounts(reader.chunksRead(), t.skipped(), reader.decodeNanos()));
  }
}
