// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.npz;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ChecksummedBytes;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * What an npy file begins with: the dtype, the shape and the order of its elements, as a Python
 * dict in text. Versions 1 to 3 of the format differ in the width of the text's length and in its
 * encoding.
 *
 * @param type the dtype
 * @param descr the dtype as numpy describes it: {@code <f4}, or a list of fields
 * @param fortran whether the first index runs fastest
 * @param shape the extents, none for a 0-d array
 * @param bytes how long the header is; the elements follow
 */
record NpyHeader(ValueType type, String descr, boolean fortran, Shape shape, long bytes) {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** numpy itself refuses to read longer ones. */
  private static final int LONGEST = 1 << 20;

  private static final int ALIGNMENT = 64;

  /** numpy leaves room for the first extent to grow. */
  private static final int GROWTH_DIGITS = 21;

  private static final Set<String> KEYS = Set.of("descr", "fortran_order", "shape");

  /**
   * Reads a header.
   *
   * @param where the array, for messages
   * @param size bytes of header and elements together
   */
  static NpyHeader read(String where, ChecksummedBytes.Reader content, long size)
      throws IOException {
    if (size < MAGIC.length + 4) {
      throw notNpy(where, "it has " + size + " bytes");
    }
    ByteBuffer begin = ByteBuffer.allocate(MAGIC.length + 2);
    content.read(0, begin);
    begin.flip();
    if (begin.mismatch(ByteBuffer.wrap(MAGIC)) != MAGIC.length) {
      throw notNpy(where, "it does not begin with \\x93NUMPY");
    }
    int version = begin.get(MAGIC.length);
    if (version < 1 || version > 3) {
      throw notNpy(where, "its format has version " + version + "; 1 to 3 are known");
    }
    int lengthBytes = version == 1 ? 2 : 4;
    ByteBuffer lengthField = ByteBuffer.allocate(lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
    content.read(begin.limit(), lengthField);
    long length =
        version == 1
            ? Short.toUnsignedLong(lengthField.getShort(0))
            : Integer.toUnsignedLong(lengthField.getInt(0));
    long start = begin.limit() + (long) lengthBytes;
    if (length > LONGEST || length > size - start) {
      throw notNpy(where, "its header says that it has " + length + " bytes");
    }
    ByteBuffer text = ByteBuffer.allocate((int) length);
    content.read(start, text);
    var charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    return parse(where, charset.decode(text.flip()).toString(), start + length);
  }

  private static NpyHeader parse(String where, String text, long bytes) {
    Object literal;
    try {
      literal = PythonLiteral.parse(text);
    } catch (IllegalArgumentException e) {
      throw notNpy(where, "its header is no Python dict: " + e.getMessage());
    }
    if (!(literal instanceof Map<?, ?> dict) || !dict.keySet().equals(KEYS)) {
      throw notNpy(where, "its header does not tell descr, fortran_order and shape");
    }
    if (!(dict.get("fortran_order") instanceof Boolean fortran)
        || !(dict.get("shape") instanceof PythonLiteral.Tuple extents)
        || !extents.items().stream().allMatch(extent -> extent instanceof Long n && n >= 0)) {
      throw notNpy(where, "its header tells no shape or order: " + text.strip());
    }
    long[] dims = extents.items().stream().mapToLong(extent -> (Long) extent).toArray();
    Object descr = dict.get("descr");
    try {
      String written = descr instanceof String code ? code : PythonLiteral.text(descr);
      return new NpyHeader(NpyDescr.type(descr), written, fortran, Shape.of(dims), bytes);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw notNpy(where, "its header tells no dtype: " + e.getMessage());
    }
  }

  private static ArrayException notNpy(String where, String problem) {
    return new ArrayException(
        ErrorCode.NOT_A_DATA_SET,
        where,
        "not an array in numpy's npy format: " + problem,
        "Write it with numpy.save or numpy.savez");
  }

  /** The header that numpy writes for such an array in C order. */
  static byte[] write(Dtype dtype, Shape shape) {
    StringBuilder text = new StringBuilder();
    text.append("{'descr': '").append(descr(dtype)).append("', 'fortran_order': False, 'shape': ");
    text.append(shape).append(", }");
    if (shape.rank() > 0) {
      text.append(" ".repeat(GROWTH_DIGITS - Long.toString(shape.dim(0)).length()));
    }
    boolean wide = MAGIC.length + 4 + text.length() + ALIGNMENT > 0xffff;
    int before = MAGIC.length + 2 + (wide ? 4 : 2);
    // As numpy counts: a header that would end aligned by itself gets a whole line of spaces more.
    int padding = ALIGNMENT - (before + text.length() + 1) % ALIGNMENT;
    text.append(" ".repeat(padding)).append('\n');
    ByteBuffer header = ByteBuffer.allocate(before + text.length()).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).put((byte) (wide ? 2 : 1)).put((byte) 0);
    if (wide) {
      header.putInt(text.length());
    } else {
      header.putShort((short) text.length());
    }
    return header.put(text.toString().getBytes(StandardCharsets.ISO_8859_1)).array();
  }

  private static String descr(Dtype dtype) {
    String order = dtype.type().componentSize() == 1 ? "|" : dtype.bigEndian() ? ">" : "<";
    return order + dtype.type().kind() + dtype.size();
  }
}
