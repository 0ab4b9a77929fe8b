// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The arrays of an npz file that numpy wrote, as judges of what we read. */
final class Npz {

  /** An array: its dtype and its elements' bytes in C order. */
  record Npy(Dtype dtype, ByteBuffer data) {

    /** The elements as {@link Values} gives them. */
    List<Object> values() {
      ByteBuffer in = data.duplicate().order(dtype.order());
      List<Object> values = new ArrayList<>();
      while (in.hasRemaining()) {
        values.add(value(in));
      }
      return values;
    }

    private Object value(ByteBuffer in) {
      return switch (dtype.type()) {
        case BOOL -> in.get() != 0;
        case INT8 -> (long) in.get();
        case UINT8 -> in.get() & 0xffL;
        case INT16 -> (long) in.getShort();
        case UINT16 -> in.getShort() & 0xffffL;
        case INT32 -> (long) in.getInt();
        case UINT32 -> in.getInt() & 0xffff_ffffL;
        case INT64 -> in.getLong();
        case UINT64 -> unsigned(in.getLong());
        case FLOAT16 -> half(in.getShort());
        case FLOAT32 -> (double) in.getFloat();
        case FLOAT64 -> in.getDouble();
        case COMPLEX64 -> new Values.Complex(in.getFloat(), in.getFloat());
        case COMPLEX128 -> new Values.Complex(in.getDouble(), in.getDouble());
      };
    }

    private static Object unsigned(long value) {
      return value >= 0 ? (Object) value : new BigInteger(Long.toUnsignedString(value));
    }

    private static double half(short bits) {
      int exponent = (bits >> 10) & 31;
      double fraction = (bits & 1023) / 1024.0;
      double size =
          exponent == 31
              ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
              : exponent == 0 ? Math.scalb(fraction, -14) : Math.scalb(1 + fraction, exponent - 15);
      return bits < 0 ? -size : size;
    }
  }

  private Npz() {}

  static Map<String, Npy> read(Path path) throws IOException {
    Map<String, Npy> arrays = new HashMap<>();
    try (ZipFile zip = new ZipFile(path.toFile())) {
      for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
        byte[] bytes = zip.getInputStream(entry).readAllBytes();
        arrays.put(entry.getName().replaceFirst("\\.npy$", ""), array(bytes));
      }
    }
    return arrays;
  }

  private static Npy array(byte[] bytes) {
    int length = (bytes[8] & 0xff) | ((bytes[9] & 0xff) << 8);
    String header = new String(bytes, 10, length, StandardCharsets.ISO_8859_1);
    if (header.contains("'fortran_order': True")) {
      throw new IllegalArgumentException("Fortran order: " + header);
    }
    String descr = header.replaceFirst("(?s).*'descr': '([^']*)'.*", "$1");
    Dtype dtype = descr.equals("|b1") ? Dtype.of(ElementType.BOOL) : Dtype.parse(descr);
    return new Npy(dtype, ByteBuffer.wrap(Arrays.copyOfRange(bytes, 10 + length, bytes.length)));
  }
}
