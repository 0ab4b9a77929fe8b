// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.BlockDecoder;

/** One bzip2 stream a chunk. */
final class Bzip2Filter implements Filter {

  /** A block of 900,000 equal bytes takes about forty. */
  private static final long MOST_RATIO = 1 << 16;

  @Override
  public int id() {
    return 307;
  }

  @Override
  public String name() {
    return "bzip2";
  }

  @Override
  public Decoder decoder(FilterSpec spec) {
    return new WholeBlock(BlockDecoder.bzip2(), MOST_RATIO);
  }
}
