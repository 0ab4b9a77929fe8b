// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.BlockDecoder;

/** One Zstandard frame a chunk. */
final class ZstdFilter implements Filter {

  /** A block of one repeated byte takes four and stands for up to 128 KiB. */
  private static final long MOST_RATIO = 1 << 15;

  /** The most bytes that frames can decode to. */
  static long mostDecoded(long encoded) {
    return encoded > Long.MAX_VALUE / MOST_RATIO ? Long.MAX_VALUE : encoded * MOST_RATIO;
  }

  @Override
  public int id() {
    return 32015;
  }

  @Override
  public String name() {
    return "zstd";
  }

  @Override
  public Decoder decoder(FilterSpec spec) {
    return new WholeBlock(BlockDecoder.zstd(), MOST_RATIO);
  }
}
