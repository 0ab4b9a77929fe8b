// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** zlib streams, by the JDK's inflater. */
final class ZlibDecoder implements BlockDecoder {

  @Override
  public void decode(byte[] source, int from, int length, byte[] target, int at, int decoded)
      throws DecodeException {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(source, from, length);
      int done = 0;
      while (done < decoded) {
        int now = inflater.inflate(target, at + done, decoded - done);
        if (now == 0) {
          break;
        }
        done += now;
      }
      // The stream may still hold its check value, which takes a call that yields nothing.
      int more = inflater.finished() ? 0 : inflater.inflate(new byte[1]);
      if (done != decoded || more != 0 || !inflater.finished()) {
        throw new DecodeException("a zlib stream does not hold the " + decoded + " bytes due");
      }
    } catch (DataFormatException e) {
      throw new DecodeException("a zlib stream is damaged: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }
}
