// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.Hdf5Writer;
import io.sparkarrays.hdf5.filter.ChunkEncoder;
import io.sparkarrays.hdf5.filter.FilterSpec;
import io.sparkarrays.hdf5.library.DatasetCreation;
import io.sparkarrays.hdf5.library.DatasetWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Writes an array frame by frame, in the order of their positions: collects as many as a chunk has,
 * and encodes and writes whole chunks. The array is as long as what was written, or has the shape
 * of a scan from the beginning. Used by one thread.
 */
final class ChunkedArray {

  private final Hdf5Writer file;
  private final String path;
  private final ValueType type;
  private final ArrayPlan plan;
  private final Shape frame;

  /** Rank 0 for an array that grows. */
  private final Shape scan;

  /** Frames along the last dimension of the scan: chunks don't go beyond. */
  private final long line;

  private final int frameBytes;
  private final byte[] fill;
  private int most;
  private byte[] chunk = {};
  private ChunkEncoder encoder;
  private DatasetWriter dataset;

  /** Position of the first frame of the chunk, and how many slots of it are filled. */
  private long first;

  private int filled;

  /**
   * An array of a file.
   *
   * @param scan the scan's shape; rank 0 for an array that grows
   */
  ChunkedArray(
      Hdf5Writer file, String path, ValueType type, Shape scan, Shape frame, ArrayPlan plan) {
    this.file = file;
    this.path = path;
    this.type = type;
    this.scan = scan;
    this.frame = frame;
    this.plan = plan;
    this.frameBytes = Math.toIntExact(Math.multiplyExact(frame.size(), (long) type.size()));
    this.line = scan.rank() == 0 ? Long.MAX_VALUE : scan.dim(scan.rank() - 1);
    int room = (Integer.MAX_VALUE - 16) / Math.max(1, frameBytes);
    this.most = (int) Math.min(Math.min(plan.frames(frameBytes), room), Math.max(1, line));
    this.fill = FillValues.element(type, plan.fill());
  }

  /** Takes a frame, whose position is behind all that came before. */
  void put(long position, ByteBuffer elements) {
    long line0 = position - position % line;
    long start = line0 + (position - line0) / most * most;
    if (filled > 0 && start != first) {
      flush();
    }
    first = start;
    int slot = (int) (position - start);
    room(slot + 1);
    pad(slot);
    elements.get(chunk, slot * frameBytes, frameBytes);
    filled = slot + 1;
    if (filled == most) {
      flush();
    }
  }

  /** Grows by doubling, since most parts of a stream are small. */
  private void room(int slots) {
    long bytes = (long) slots * frameBytes;
    if (chunk.length < bytes) {
      long whole = (long) most * frameBytes;
      chunk = Arrays.copyOf(chunk, (int) Math.min(whole, Math.max(bytes, 2L * chunk.length)));
    }
  }

  /** Fills slots that no frame came for, up to one. */
  private void pad(int to) {
    for (int at = filled * frameBytes; at < to * frameBytes; at += fill.length) {
      System.arraycopy(fill, 0, chunk, at, fill.length);
    }
    filled = Math.max(filled, to);
  }

  /** Writes what is left, and makes an array that nothing came for. */
  void finish() {
    if (filled > 0) {
      if (dataset == null && scan.rank() == 0 && first == 0 && plan.chunks().rank() == 0) {
        // All that there is: a smaller chunk holds it.
        most = filled;
      }
      flush();
    }
    open();
    dataset.close();
  }

  private void open() {
    if (dataset != null) {
      return;
    }
    boolean grows = scan.rank() == 0;
    Shape tile = plan.tile(frame);
    long[] outer = new long[Math.max(1, scan.rank())];
    Arrays.fill(outer, 1);
    outer[outer.length - 1] = most;
    Shape now = grows ? Shape.of(0).concat(frame) : scan.concat(frame);
    DatasetCreation creation =
        DatasetCreation.of(type, now).chunk(Shape.of(outer).concat(tile)).fill(fill);
    if (grows) {
      long[] dims = now.dims();
      dims[0] = -1;
      creation = creation.maxDims(dims);
    }
    for (FilterSpec filter : plan.compression().filters(type.size())) {
      creation = creation.filter(filter);
    }
    encoder = Hdf5Writer.canWriteChunks() ? plan.compression().encoder(type.size()) : null;
    dataset = file.createDataset(path, creation);
  }

  private void flush() {
    open();
    long[] start = new long[Math.max(1, scan.rank()) + frame.rank()];
    long rest = first;
    for (int axis = scan.rank() - 1; axis >= 0; axis--) {
      start[axis] = rest % scan.dim(axis);
      rest /= scan.dim(axis);
    }
    if (scan.rank() == 0) {
      start[0] = first;
      long[] dims = Shape.of(first + filled).concat(frame).dims();
      dataset.extend(dims);
    }
    if (!Hdf5Writer.canWriteChunks()) {
      long[] count = new long[start.length];
      Arrays.fill(count, 0, start.length - frame.rank(), 1);
      int outer = start.length - frame.rank() - 1;
      count[outer] = filled;
      System.arraycopy(frame.dims(), 0, count, outer + 1, frame.rank());
      dataset.write(Hyperslab.of(start, count), ByteBuffer.wrap(chunk, 0, filled * frameBytes));
    } else {
      room(most);
      pad(most);
      tiles(start);
    }
    filled = 0;
  }

  private void tiles(long[] start) {
    Shape tile = plan.tile(frame);
    if (tile.equals(frame)) {
      write(start, chunk, most * frameBytes);
      return;
    }
    FrameTiles cut = new FrameTiles(frame, tile, fill);
    byte[] content = new byte[Math.toIntExact(most * tile.size() * type.size())];
    int outer = start.length - frame.rank();
    cut.forEach(
        corner -> {
          System.arraycopy(corner, 0, start, outer, corner.length);
          cut.copy(chunk, most, corner, content);
          write(start, content, content.length);
        });
  }

  private void write(long[] start, byte[] content, int length) {
    dataset.writeChunk(
        start,
        encoder == null ? ByteBuffer.wrap(content, 0, length) : encoder.encode(content, length));
  }
}
