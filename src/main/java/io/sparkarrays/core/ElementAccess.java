// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import io.sparkarrays.core.ValueType.Encoding;
import io.sparkarrays.core.ValueType.Padding;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Single elements of little-endian buffers as Java objects, whose classes {@link NdArray#get} says.
 */
final class ElementAccess {

  private ElementAccess() {}

  static Object get(ValueType type, ByteBuffer bytes, int at) {
    if (type instanceof ValueType.Plain plain) {
      return number(plain.dtype(), bytes, at);
    } else if (type instanceof ValueType.Text text) {
      byte[] stored = new byte[text.size()];
      bytes.get(at, stored);
      return text.encoding() == Encoding.UTF_8
          ? trimmed(text.padding(), stored)
          : wide(text.encoding(), stored);
    } else if (type instanceof ValueType.Enumeration names) {
      return number(names.base(), bytes, at);
    } else if (type instanceof ValueType.Time time) {
      return number(new Dtype(ElementType.INT64, time.bigEndian()), bytes, at);
    } else if (type instanceof ValueType.Compound compound) {
      Map<String, Object> values = new LinkedHashMap<>();
      for (ValueType.Member member : compound.members()) {
        values.put(member.name(), get(member.type(), bytes, at + member.offset()));
      }
      return values;
    } else if (type instanceof ValueType.FixedArray array) {
      return NdArray.wrap(bytes.slice(at, array.size()), array.element(), array.shape());
    } else if (type instanceof ValueType.Converted converted) {
      ByteBuffer decoded = ByteBuffer.allocate(converted.dtype().size());
      converted.conversion().decoder().decode(bytes.slice(at, type.size()), 0, decoded);
      return number(Dtype.of(converted.dtype().type()), decoded.order(ByteOrder.LITTLE_ENDIAN), 0);
    }
    byte[] raw = new byte[type.size()];
    bytes.get(at, raw);
    return raw;
  }

  /** numpy drops the zeros at the end of what it calls bytes. */
  private static byte[] trimmed(Padding padding, byte[] stored) {
    int end = stored.length;
    if (padding == Padding.NULL_TERMINATED) {
      end = 0;
      while (end < stored.length && stored[end] != 0) {
        end++;
      }
    }
    byte pad = (byte) (padding == Padding.SPACE_PADDED ? ' ' : 0);
    while (end > 0 && stored[end - 1] == pad) {
      end--;
    }
    return Arrays.copyOf(stored, end);
  }

  private static Charset charset(Encoding encoding) {
    return switch (encoding) {
      case UTF_8 -> StandardCharsets.UTF_8;
      case UTF_32LE -> Charset.forName("UTF-32LE");
      case UTF_32BE -> Charset.forName("UTF-32BE");
    };
  }

  private static String wide(Encoding encoding, byte[] stored) {
    int end = stored.length;
    while (end >= 4
        && (stored[end - 1] | stored[end - 2] | stored[end - 3] | stored[end - 4]) == 0) {
      end -= 4;
    }
    return new String(stored, 0, end, charset(encoding));
  }

  private static Object number(Dtype dtype, ByteBuffer bytes, int at) {
    boolean big = dtype.bigEndian();
    return switch (dtype.type()) {
      case BOOL -> bytes.get(at) != 0;
      case INT8 -> (long) bytes.get(at);
      case UINT8 -> bytes.get(at) & 0xffL;
      case INT16 -> (long) int16(bytes, at, big);
      case UINT16 -> int16(bytes, at, big) & 0xffffL;
      case INT32 -> (long) int32(bytes, at, big);
      case UINT32 -> int32(bytes, at, big) & 0xffff_ffffL;
      case INT64 -> int64(bytes, at, big);
      case UINT64 -> {
        long value = int64(bytes, at, big);
        yield value >= 0 ? (Object) value : new BigInteger(Long.toUnsignedString(value));
      }
      case FLOAT16 -> (double) Float.intBitsToFloat(Half.toFloatBits(int16(bytes, at, big)));
      case FLOAT32 -> (double) Float.intBitsToFloat(int32(bytes, at, big));
      case FLOAT64 -> Double.longBitsToDouble(int64(bytes, at, big));
      case COMPLEX64 ->
          new Complex(
              Float.intBitsToFloat(int32(bytes, at, big)),
              Float.intBitsToFloat(int32(bytes, at + 4, big)));
      case COMPLEX128 ->
          new Complex(
              Double.longBitsToDouble(int64(bytes, at, big)),
              Double.longBitsToDouble(int64(bytes, at + 8, big)));
    };
  }

  private static short int16(ByteBuffer bytes, int at, boolean big) {
    short value = bytes.getShort(at);
    return big ? Short.reverseBytes(value) : value;
  }

  private static int int32(ByteBuffer bytes, int at, boolean big) {
    int value = bytes.getInt(at);
    return big ? Integer.reverseBytes(value) : value;
  }

  private static long int64(ByteBuffer bytes, int at, boolean big) {
    long value = bytes.getLong(at);
    return big ? Long.reverseBytes(value) : value;
  }

  static void put(ValueType type, ByteBuffer bytes, int at, Object value) {
    if (type instanceof ValueType.Plain plain) {
      putNumber(plain.dtype(), bytes, at, value);
    } else if (type instanceof ValueType.Text text) {
      putText(text, bytes, at, value);
    } else if (type instanceof ValueType.Enumeration names) {
      putNumber(names.base(), bytes, at, value);
    } else if (type instanceof ValueType.Time time) {
      putNumber(new Dtype(ElementType.INT64, time.bigEndian()), bytes, at, value);
    } else if (type instanceof ValueType.Compound compound && value instanceof Map<?, ?> map) {
      for (ValueType.Member member : compound.members()) {
        if (map.containsKey(member.name())) {
          put(member.type(), bytes, at + member.offset(), map.get(member.name()));
        }
      }
    } else if (type instanceof ValueType.FixedArray array && value instanceof NdArray given) {
      NdArray.wrap(bytes.slice(at, array.size()), array.element(), array.shape()).assign(given);
    } else if (type instanceof ValueType.Opaque && value instanceof byte[] raw) {
      bytes.put(at, Arrays.copyOf(raw, type.size()));
    } else {
      throw mismatch(type, value);
    }
  }

  private static IllegalArgumentException mismatch(ValueType type, Object value) {
    String kind = value == null ? "null" : value.getClass().getSimpleName();
    return new IllegalArgumentException("a value of class " + kind + " for an element " + type);
  }

  private static void putText(ValueType.Text text, ByteBuffer bytes, int at, Object value) {
    byte[] encoded;
    if (value instanceof String string) {
      encoded = encode(text, string);
    } else if (value instanceof byte[] raw) {
      encoded =
          text.encoding() == Encoding.UTF_8
              ? raw
              : new String(raw, StandardCharsets.UTF_8).getBytes(charset(text.encoding()));
    } else {
      throw mismatch(text, value);
    }
    byte[] stored = Arrays.copyOf(encoded, text.size());
    if (text.padding() == Padding.SPACE_PADDED && encoded.length < stored.length) {
      Arrays.fill(stored, encoded.length, stored.length, (byte) ' ');
    }
    bytes.put(at, stored);
  }

  private static byte[] encode(ValueType.Text text, String value) {
    if (text.encoding() != Encoding.UTF_8) {
      return value.getBytes(charset(text.encoding()));
    }
    try {
      ByteBuffer encoded = StandardCharsets.US_ASCII.newEncoder().encode(CharBuffer.wrap(value));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("'" + value + "' is not ASCII, as " + text + " holds", e);
    }
  }

  private static void putNumber(Dtype dtype, ByteBuffer bytes, int at, Object value) {
    if (value instanceof Complex complex && dtype.type().components() == 2) {
      putFloating(dtype, bytes, at, complex.re());
      putFloating(dtype, bytes, at + dtype.type().componentSize(), complex.im());
    } else if (value instanceof Complex complex) {
      putNumber(dtype, bytes, at, complex.re());
    } else if (value instanceof Boolean truth) {
      putNumber(dtype, bytes, at, truth ? 1L : 0L);
    } else if (!(value instanceof Number number)) {
      throw mismatch(new ValueType.Plain(dtype), value);
    } else if (dtype.type().components() == 2) {
      putFloating(dtype, bytes, at, number.doubleValue());
      putFloating(dtype, bytes, at + dtype.type().componentSize(), 0);
    } else if (dtype.type().kind() == 'f') {
      putFloating(dtype, bytes, at, number.doubleValue());
    } else if (dtype.type() == ElementType.BOOL) {
      bytes.put(at, (byte) (number.doubleValue() != 0 ? 1 : 0));
    } else {
      putInteger(dtype, bytes, at, number.longValue());
    }
  }

  private static void putInteger(Dtype dtype, ByteBuffer bytes, int at, long value) {
    putBits(dtype.size(), dtype.bigEndian(), bytes, at, value);
  }

  private static void putFloating(Dtype dtype, ByteBuffer bytes, int at, double value) {
    int size = dtype.type().componentSize();
    long bits =
        switch (size) {
          case 2 -> Half.of(value);
          case 4 -> Float.floatToRawIntBits((float) value);
          default -> Double.doubleToRawLongBits(value);
        };
    putBits(size, dtype.bigEndian(), bytes, at, bits);
  }

  private static void putBits(int size, boolean big, ByteBuffer bytes, int at, long bits) {
    switch (size) {
      case 1 -> bytes.put(at, (byte) bits);
      case 2 -> bytes.putShort(at, big ? Short.reverseBytes((short) bits) : (short) bits);
      case 4 -> bytes.putInt(at, big ? Integer.reverseBytes((int) bits) : (int) bits);
      default -> bytes.putLong(at, big ? Long.reverseBytes(bits) : bits);
    }
  }
}
