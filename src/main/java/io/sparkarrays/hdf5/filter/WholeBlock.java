// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.BlockDecoder;
import io.sparkarrays.codec.DecodeException;
import java.nio.ByteBuffer;

/** Decodes chunks that are one block of a compressor each, as large as there is room for. */
final class WholeBlock implements Filter.Decoder {

  private final BlockDecoder compressor;
  private final long mostRatio;
  private byte[] scratch = {};

  /**
   * @param mostRatio the most bytes that one stored byte can stand for
   */
  WholeBlock(BlockDecoder compressor, long mostRatio) {
    this.compressor = compressor;
    this.mostRatio = mostRatio;
  }

  @Override
  public void decode(ByteBuffer encoded, ByteBuffer decoded) throws DecodeException {
    int due = decoded.remaining();
    int from = encoded.arrayOffset() + encoded.position();
    if (decoded.hasArray()) {
      int at = decoded.arrayOffset() + decoded.position();
      compressor.decode(encoded.array(), from, encoded.remaining(), decoded.array(), at, due);
      decoded.position(decoded.limit());
    } else {
      scratch = scratch.length < due ? new byte[due] : scratch;
      compressor.decode(encoded.array(), from, encoded.remaining(), scratch, 0, due);
      decoded.put(scratch, 0, due);
    }
    encoded.position(encoded.limit());
  }

  @Override
  public long mostDecoded(long encoded) {
    return encoded > Long.MAX_VALUE / mostRatio ? Long.MAX_VALUE : encoded * mostRatio;
  }
}
