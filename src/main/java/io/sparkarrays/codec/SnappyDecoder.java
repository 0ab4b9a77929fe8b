// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import java.io.IOException;
import org.xerial.snappy.Snappy;

/** Snappy blocks, by snappy-java. */
final class SnappyDecoder implements BlockDecoder {

  SnappyDecoder() {
    // Loads the native part now, so that its absence shows where the decoder is asked for.
    Snappy.maxCompressedLength(0);
  }

  @Override
  public void decode(byte[] source, int from, int length, byte[] target, int at, int decoded)
      throws DecodeException {
    try {
      // The block says its own size; the library would write that much, whatever the room is.
      int size = Snappy.uncompressedLength(source, from, length);
      if (size != decoded) {
        throw new DecodeException(
            "a Snappy block holds " + size + " bytes, " + decoded + " are due");
      }
      Snappy.uncompress(source, from, length, target, at);
    } catch (DecodeException e) {
      throw e;
    } catch (IOException e) {
      throw new DecodeException("a Snappy block is damaged: " + e.getMessage(), e);
    }
  }
}
