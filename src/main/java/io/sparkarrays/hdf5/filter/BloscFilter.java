// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.BloscDecoder;
import io.sparkarrays.codec.DecodeException;
import java.nio.ByteBuffer;

/** One Blosc-1 frame a chunk; its header, not the parameters, says how to decode it. */
final class BloscFilter implements Filter {

  @Override
  public int id() {
    return 32001;
  }

  @Override
  public String name() {
    return "blosc";
  }

  @Override
  public Decoder decoder(FilterSpec spec) {
    BloscDecoder blosc = new BloscDecoder();
    return new Decoder() {
      @Override
      public void decode(ByteBuffer encoded, ByteBuffer decoded) throws DecodeException {
        blosc.decode(encoded, decoded);
      }

      @Override
      public long mostDecoded(long stored) {
        return ZstdFilter.mostDecoded(stored);
      }
    };
  }
}
