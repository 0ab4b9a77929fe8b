// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** Bzip2 streams, by commons-compress. */
final class Bzip2Decoder implements BlockDecoder {

  @Override
  public void decode(byte[] source, int from, int length, byte[] target, int at, int decoded)
      throws DecodeException {
    try (InputStream in =
        new BZip2CompressorInputStream(new ByteArrayInputStream(source, from, length))) {
      int bytes = in.readNBytes(target, at, decoded);
      if (bytes != decoded || in.read() >= 0) {
        throw new DecodeException("a bzip2 stream does not hold the " + decoded + " bytes due");
      }
    } catch (DecodeException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new DecodeException("a bzip2 stream is damaged: " + e.getMessage(), e);
    }
  }
}
