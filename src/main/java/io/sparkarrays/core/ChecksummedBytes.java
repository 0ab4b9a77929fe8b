// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import java.util.zip.Checksum;

/**
 * Bytes under one checksum, read at any position into the caller's memory. Used by one thread.
 *
 * <p>Who reads them in their order has them checked on the way, with the last byte at the latest,
 * and nothing is read twice. Who begins elsewhere, or leaves some out, has all of them checked
 * before the first that was jumped to is given.
 */
public final class ChecksummedBytes {

  /** Gives bytes that are not checked yet. */
  @FunctionalInterface
  public interface Reader {
    /** Fills the remaining bytes of a buffer. */
    void read(long at, ByteBuffer target) throws IOException;
  }

  private static final int PIECE = 256 * 1024;

  private final long size;
  private final Reader reader;
  private final Checksum checksum;
  private final long expected;
  private final Supplier<ArrayException> fault;

  /** How far the checksum has come. */
  private long checked;

  /**
   * @param size how many bytes there are
   * @param reader gives them
   * @param checksum computes their checksum; used by nobody else
   * @param expected what it has to come to
   * @param fault what is thrown if it does not
   */
  public ChecksummedBytes(
      long size, Reader reader, Checksum checksum, long expected, Supplier<ArrayException> fault) {
    this.size = size;
    this.reader = reader;
    this.checksum = checksum;
    this.expected = expected;
    this.fault = fault;
  }

  /** How many bytes there are. */
  public long size() {
    return size;
  }

  /**
   * Fills the remaining bytes of a buffer.
   *
   * @throws ArrayException if the checksum is another than expected
   */
  public void read(long at, ByteBuffer target) throws IOException {
    if (at < 0 || target.remaining() > size - at) {
      throw new IndexOutOfBoundsException(at + " + " + target.remaining() + " of " + size);
    }
    if (at > checked) {
      check();
    }
    int position = target.position();
    long end = at + target.remaining();
    reader.read(at, target);
    if (end > checked || size == 0) {
      int known = (int) (checked - at);
      checksum.update(target.slice(position + known, (int) (end - checked)));
      advance(end);
    }
  }

  /** Reads what was not read yet, and checks all. */
  public void check() throws IOException {
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, size - checked));
    do {
      piece.clear().limit((int) Math.min(piece.capacity(), size - checked));
      reader.read(checked, piece);
      checksum.update(piece.flip());
      advance(checked + piece.limit());
    } while (checked < size);
  }

  private void advance(long end) {
    checked = end;
    if (end == size && checksum.getValue() != expected) {
      // The next read has to find the fault again.
      checked = 0;
      checksum.reset();
      throw fault.get();
    }
  }
}
