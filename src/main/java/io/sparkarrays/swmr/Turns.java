// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

/**
 * Which of several writers that take turns has a frame, and where: each takes a block of frames,
 * and after the last one it is the first one's turn again.
 *
 * @param writers how many
 * @param block frames that a writer takes in one turn
 */
record Turns(int writers, long block) {

  Turns {
    if (writers < 1 || block < 1) {
      throw new IllegalArgumentException(writers + " writers, blocks of " + block + " frames");
    }
  }

  private long round() {
    return writers * block;
  }

  /** The writer that has a frame. */
  int writer(long index) {
    return (int) (index / block % writers);
  }

  /** The frame's number among those of its writer. */
  long offset(long index) {
    return index / round() * block + index % block;
  }

  /** The frame of a number among those of a writer. */
  long index(int writer, long offset) {
    return offset / block * round() + writer * block + offset % block;
  }

  /** How many of the frames before an index a writer has. */
  long count(int writer, long end) {
    long rest = end % round() - writer * block;
    return end / round() * block + Math.max(0, Math.min(block, rest));
  }
}
