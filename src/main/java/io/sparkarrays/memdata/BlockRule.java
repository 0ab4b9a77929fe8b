// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import java.io.Serializable;

/**
 * How a dimension is cut into blocks that differ by one at most: the first ones are longer, those
 * beyond the length are empty.
 *
 * @param length of the dimension
 * @param count of blocks
 */
public record BlockRule(long length, int count) implements Serializable {

  /** Refuses less than one block. */
  public BlockRule {
    if (length < 0 || count < 1) {
      throw new IllegalArgumentException(count + " blocks of " + length);
    }
  }

  /** Where a block begins. */
  public long start(int block) {
    return block * (length / count) + Math.min(block, length % count);
  }

  /** How long a block is. */
  public long size(int block) {
    return length / count + (block < length % count ? 1 : 0);
  }

  /** The block that a position is in. */
  public int blockOf(long position) {
    long longer = length / count + 1;
    long inLonger = longer * (length % count);
    return (int)
        (position < inLonger
            ? position / longer
            : length % count + (position - inLonger) / (length / count));
  }
}
