// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads the runs of a {@link SlabPart} out of plain bytes: long runs straight into the caller's
 * memory; short ones, if they lie densely enough, out of a window that is read at once.
 */
final class PlainRuns implements SlabPart.RunConsumer {

  private static final int WINDOW = 1 << 17;
  private static final int LONG_RUN = 1 << 14;

  /** The window is worth it while at least one byte in so many of it is wanted. */
  private static final int DENSITY = 16;

  private final int size;
  private ByteBuffer window;
  private PlainBytes bytes;
  private long base;
  private ByteBuffer out;
  private int outStart;
  private boolean dense;

  /** What the window holds, and the end of all that is wanted. */
  private long windowStart;

  private long windowEnd;
  private long wantedEnd;

  /**
   * @param size bytes of an element
   */
  PlainRuns(int size) {
    this.size = size;
  }

  /** Reads what slab and box have in common; the box's first element is at a position. */
  void read(SlabPart part, PlainBytes source, long position, ByteBuffer destination)
      throws IOException {
    bytes = source;
    base = position;
    out = destination;
    outStart = destination.position();
    int limit = destination.limit();
    windowStart = 0;
    windowEnd = 0;
    wantedEnd = position + part.endInBox() * size;
    long span = part.endInBox() - part.firstInBox();
    dense = span / DENSITY <= part.size();
    part.forEachRun(this);
    destination.limit(limit);
    out = null;
  }

  @Override
  public void accept(long inBox, long inSlab, long length) throws IOException {
    long from = base + inBox * size;
    int to = outStart + (int) (inSlab * size);
    int count = (int) (length * size);
    if (count >= LONG_RUN || !dense || (from + count == wantedEnd && from >= windowEnd)) {
      out.limit(to + count).position(to);
      bytes.read(from, out);
      return;
    }
    if (from < windowStart || from + count > windowEnd) {
      window = window == null ? ByteBuffer.allocate(WINDOW) : window;
      windowStart = from;
      windowEnd = Math.min(wantedEnd, from + WINDOW);
      bytes.read(from, window.clear().limit((int) (windowEnd - windowStart)));
    }
    out.limit(to + count);
    out.put(to, window.array(), (int) (from - windowStart), count);
  }
}
