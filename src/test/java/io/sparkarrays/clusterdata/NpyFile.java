// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An array in numpy's {@code .npy} format, version 1, C order.
 *
 * @param shape its shape
 * @param dtype its elements
 * @param data the elements' bytes
 */
public record NpyFile(Shape shape, Dtype dtype, ByteBuffer data) {

  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '([^']+)', 'fortran_order': False, 'shape': (\\([^)]*\\)), \\}\\s*");

  /** Reads a whole file. */
  public static NpyFile read(Path path) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    int headerLength = Short.toUnsignedInt(file.getShort(8));
    byte[] header = new byte[headerLength];
    file.position(10).get(header);
    Matcher fields = HEADER.matcher(new String(header, StandardCharsets.US_ASCII));
    if (!fields.matches()) {
      throw new IOException(path + ": unexpected header");
    }
    return new NpyFile(Shape.parse(fields.group(2)), Dtype.parse(fields.group(1)), file.slice());
  }

  /** The bytes of frames of so many bytes. */
  public ByteBuffer frames(long from, long to, long frameBytes) {
    return data.slice((int) (from * frameBytes), (int) ((to - from) * frameBytes));
  }
}
