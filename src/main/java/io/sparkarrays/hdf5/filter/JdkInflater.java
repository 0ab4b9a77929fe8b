// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates by the JDK's inflater, but computes the check value here: that takes zlib a tenth of its
 * time.
 */
final class JdkInflater implements StreamInflater {

  private final Inflater inflater = new Inflater(true);
  private final byte[] beyond = new byte[1];

  @Override
  public int inflate(byte[] source, int from, int length, byte[] target, int at, int room) {
    if (!StreamInflater.isPlain(source, from, length)) {
      return GIVEN_UP;
    }
    inflater.reset();
    inflater.setInput(source, from + HEADER, length - HEADER);
    int bytes = 0;
    try {
      while (bytes < room && !inflater.finished()) {
        int more = inflater.inflate(target, at + bytes, room - bytes);
        if (more == 0 && !inflater.finished()) {
          return GIVEN_UP;
        }
        bytes += more;
      }
      // That the stream has ended may take a call that yields nothing.
      if (!inflater.finished() && (inflater.inflate(beyond) != 0 || !inflater.finished())) {
        return GIVEN_UP;
      }
    } catch (DataFormatException e) {
      return GIVEN_UP;
    }
    int rest = inflater.getRemaining();
    return rest >= CHECK && StreamInflater.isRight(source, from + length - rest, target, at, bytes)
        ? bytes
        : GIVEN_UP;
  }
}
