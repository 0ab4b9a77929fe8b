// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.Hyperslab;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The cursor of a file whose frames lie one after the other, uncompressed, behind a header. Whole
 * frames are read in one piece into the caller's buffer. Of a region, stretches that lie close
 * together are read as one and sorted out in memory; others are read by themselves.
 */
public final class PlainFrameCursor implements FrameCursor {

  /**
   * Bytes between two stretches that cost less to read along than a further read: a read from the
   * page cache takes about 0.5 µs and gives about 8 GB/s.
   */
  private static final int NEAR = 4096;

  /** Most bytes that are read at once to be sorted out; they stay in the second-level cache. */
  private static final int SPAN = 256 * 1024;

  private final ByteSource source;
  private final long headerBytes;
  private final long firstFrame;
  private final FrameColumn column;
  private final Optional<String> file;

  // The region of the last call as stretches of equal length in a frame, in bytes.
  private Hyperslab region;
  private long[] stretches = {};
  private int stretch;

  // Stretches that wait for one read: the file's bytes from start, cut by (offset, length) pairs.
  private ByteBuffer span;
  private long start;
  private int length;
  private int[] cuts = new int[64];
  private int cutCount;

  /**
   * @param source the file; closed with the cursor
   * @param headerBytes bytes before its first frame
   * @param firstFrame the number in the scan of its first frame
   * @param column the one column that it holds
   */
  public PlainFrameCursor(
      ByteSource source, long headerBytes, long firstFrame, FrameColumn column) {
    this(source, headerBytes, firstFrame, column, Optional.empty());
  }

  /**
   * A cursor that tells where its frames are.
   *
   * @param file the path by which other readers on this host find the file, if they may
   */
  public PlainFrameCursor(
      ByteSource source,
      long headerBytes,
      long firstFrame,
      FrameColumn column,
      Optional<String> file) {
    this.file = file;
    this.source = source;
    this.headerBytes = headerBytes;
    this.firstFrame = firstFrame;
    this.column = column;
  }

  @Override
  public void read(int place, long from, long to, Hyperslab wanted, ByteBuffer destination)
      throws IOException {
    long position = headerBytes + (from - firstFrame) * column.frameBytes();
    if (wanted.isAll(column.frame())) {
      source.readFully(position, destination);
      return;
    }
    if (!wanted.equals(region)) {
      cut(wanted);
    }
    for (long frame = from; frame < to; frame++, position += column.frameBytes()) {
      for (long offset : stretches) {
        if (stretch >= SPAN) {
          into(destination, position + offset);
        } else {
          gather(destination, position + offset);
        }
      }
    }
    flush(destination);
  }

  @Override
  public Optional<FrameReference> reference(int place, long frame) {
    return file.map(path -> FrameReference.plain(path, headerBytes, Long.MAX_VALUE));
  }

  private void cut(Hyperslab wanted) {
    int size = column.type().size();
    long[] found = new long[16];
    int[] count = {0};
    long[][] grown = {found};
    long[] run = {0};
    wanted.forEachRun(
        column.frame(),
        (offset, elements) -> {
          if (count[0] == grown[0].length) {
            grown[0] = Arrays.copyOf(grown[0], 2 * count[0]);
          }
          grown[0][count[0]++] = offset * size;
          run[0] = elements * size;
        });
    stretches = Arrays.copyOf(grown[0], count[0]);
    stretch = Math.toIntExact(run[0]);
    region = wanted;
  }

  private void into(ByteBuffer destination, long position) throws IOException {
    int limit = destination.limit();
    destination.limit(destination.position() + stretch);
    source.readFully(position, destination);
    destination.limit(limit);
  }

  private void gather(ByteBuffer destination, long position) throws IOException {
    long gap = position - (start + length);
    boolean near = cutCount > 0 && gap <= NEAR && position + stretch - start <= SPAN;
    if (!near) {
      flush(destination);
      start = position;
    }
    length = (int) (position + stretch - start);
    if (cutCount == cuts.length) {
      cuts = Arrays.copyOf(cuts, 2 * cutCount);
    }
    cuts[cutCount++] = (int) (position - start);
  }

  private void flush(ByteBuffer destination) throws IOException {
    if (cutCount == 1) {
      into(destination, start);
    } else if (cutCount > 1) {
      if (span == null) {
        span = ByteBuffer.allocateDirect(SPAN);
      }
      span.position(0).limit(length);
      source.readFully(start, span);
      int at = destination.position();
      for (int i = 0; i < cutCount; i++, at += stretch) {
        destination.put(at, span, cuts[i], stretch);
      }
      destination.position(at);
    }
    cutCount = 0;
    length = 0;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
