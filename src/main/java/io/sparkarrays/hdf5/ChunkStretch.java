// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.hdf5.format.ChunkIndex;

/**
 * What a data set's chunk index says of some chunks that follow each other.
 *
 * @param first the number of the first chunk
 * @param end one past the number of the last
 * @param index of those chunks
 */
record ChunkStretch(long first, long end, ChunkIndex index) {

  /** Of no chunk. */
  static final ChunkStretch NONE = new ChunkStretch(0, 0, null);

  boolean contains(long number) {
    return number >= first && number < end;
  }
}
