// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Runs of bytes of different lengths, one after another in one array that grows. Used again and
 * again by one thread, it allocates nothing more.
 */
public final class VariableBytes {

  private static final int MOST = Integer.MAX_VALUE - 8;

  private byte[] bytes = new byte[1024];
  private int[] ends = new int[64];
  private int count;

  /** Forgets all runs. */
  public void clear() {
    count = 0;
  }

  /** Forgets all runs but the first ones. */
  public void keep(int runs) {
    count = runs;
  }

  /**
   * Appends a run.
   *
   * @throws ArrayException {@code FRAME_TOO_LARGE} if all runs have more than 2 GiB together
   */
  public void add(byte[] source, int from, int length) {
    int start = extend(length);
    System.arraycopy(source, from, bytes, start, length);
  }

  /** Appends all that remains of a buffer, and consumes it. */
  public void add(ByteBuffer source) {
    int length = source.remaining();
    int start = extend(length);
    source.get(bytes, start, length);
  }

  private int extend(int length) {
    int start = size();
    if (length > MOST - start) {
      throw new ArrayException(
          ErrorCode.FRAME_TOO_LARGE,
          "values of variable length",
          "they have more than 2 GiB in one batch",
          "Read fewer rows at once: option batchBytes; a single value can't be larger");
    }
    int end = start + length;
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(MOST, Math.max(end, 2L * bytes.length)));
    }
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
    }
    ends[count++] = end;
    return start;
  }

  /** The number of runs. */
  public int count() {
    return count;
  }

  /** Bytes of all runs together. */
  public int size() {
    return count == 0 ? 0 : ends[count - 1];
  }

  /** Where a run begins among all bytes. */
  public int start(int run) {
    return run == 0 ? 0 : ends[run - 1];
  }

  /** Where a run ends among all bytes. */
  public int end(int run) {
    return ends[run];
  }

  /** The array that holds the runs, until the next one is added. */
  public byte[] array() {
    return bytes;
  }
}
