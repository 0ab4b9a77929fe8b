// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import io.sparkarrays.core.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A Blosc-1 frame in a file, read at any position: of its content, only the blocks that are asked
 * for are fetched and decoded, and only the last one is held. Used by one thread.
 */
public final class BloscFrame {

  private final ByteSource source;
  private final long position;
  private final BloscHeader header;
  private final int[] starts;
  private final int[] ends;
  private final BloscDecoder decoder = new BloscDecoder();
  private ByteBuffer encoded = ByteBuffer.allocate(0);
  private byte[] block = {};
  private int blockNumber = -1;

  private BloscFrame(ByteSource source, long position, BloscHeader header) throws IOException {
    this.source = source;
    this.position = position;
    this.header = header;
    starts = new int[header.stored() ? 0 : header.blocks()];
    ends = new int[starts.length];
    readStarts();
  }

  /**
   * Reads a frame's header and where its blocks begin.
   *
   * @param source the file; stays the caller's to close
   * @param position where the frame begins
   * @param length bytes that belong to it
   * @throws DecodeException if these contradict themselves
   */
  public static BloscFrame open(ByteSource source, long position, long length) throws IOException {
    ByteBuffer begin = ByteBuffer.allocate((int) Math.min(BloscHeader.BYTES, length));
    source.readFully(position, begin);
    return new BloscFrame(source, position, BloscHeader.read(begin.flip(), length));
  }

  private void readStarts() throws IOException {
    ByteBuffer table = ByteBuffer.allocate(4 * starts.length).order(ByteOrder.LITTLE_ENDIAN);
    source.readFully(position + BloscHeader.BYTES, table);
    table.flip().asIntBuffer().get(starts);
    // Threads write blocks in any order: a block ends where the next in the file begins.
    int[] sorted = starts.clone();
    Arrays.sort(sorted);
    int first = BloscHeader.BYTES + table.capacity();
    // Blocks that begin at one place would all but one be empty, which their decoder finds.
    if (starts.length > 0
        && (sorted[0] < first || sorted[sorted.length - 1] >= header.frameSize())) {
      throw new DecodeException("a block begins outside the Blosc frame");
    }
    for (int i = 0; i < starts.length; i++) {
      int place = Arrays.binarySearch(sorted, starts[i]);
      ends[i] = place + 1 < sorted.length ? sorted[place + 1] : header.frameSize();
    }
  }

  /** Bytes of the content. */
  public long size() {
    return header.size();
  }

  /**
   * Fills the remaining bytes of a buffer with the content from a place on.
   *
   * @throws DecodeException if a block of it is damaged
   * @throws io.sparkarrays.core.ArrayException {@code LIBRARY_MISSING}
   */
  public void read(long at, ByteBuffer target) throws IOException {
    if (at < 0 || at + target.remaining() > size()) {
      throw new IndexOutOfBoundsException(at + " + " + target.remaining() + " of " + size());
    }
    if (header.stored()) {
      source.readFully(position + BloscHeader.BYTES + at, target);
      return;
    }
    long next = at;
    while (target.hasRemaining()) {
      int wanted = (int) (next / header.blockSize());
      load(wanted);
      int offset = (int) (next % header.blockSize());
      int length = Math.min(header.blockBytes(wanted) - offset, target.remaining());
      target.put(block, offset, length);
      next += length;
    }
  }

  private void load(int wanted) throws IOException {
    if (wanted == blockNumber) {
      return;
    }
    blockNumber = -1;
    int length = ends[wanted] - starts[wanted];
    if (encoded.capacity() < length) {
      encoded = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
    source.readFully(position + starts[wanted], encoded.clear().limit(length));
    block = decoder.block(header, encoded.flip(), 0, wanted);
    blockNumber = wanted;
  }
}
