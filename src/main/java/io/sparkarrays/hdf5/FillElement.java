// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ElementEncoder;
import io.sparkarrays.core.ElementOutOfRangeException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.ValueType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a fill value: nothing is clipped or cut. */
final class FillElement {

  private final ValueType type;
  private final Object value;

  private FillElement(ValueType type, Object value) {
    this.type = type;
    this.value = value;
  }

  static byte[] of(ValueType type, Object value) {
    FillElement fill = new FillElement(type, value);
    if (value instanceof byte[] bytes) {
      return fill.sized(bytes, bytes.length == type.size());
    } else if (value instanceof String text && type instanceof ValueType.Text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return fill.sized(bytes, bytes.length <= type.size());
    } else if (type instanceof ValueType.Plain plain) {
      try {
        return fill.number(plain);
      } catch (ElementOutOfRangeException e) {
        throw fill.invalid(e);
      }
    }
    throw fill.invalid(null);
  }

  private byte[] sized(byte[] bytes, boolean fits) {
    if (!fits) {
      throw invalid(null);
    }
    return Arrays.copyOf(bytes, type.size());
  }

  private byte[] number(ValueType.Plain plain) throws ElementOutOfRangeException {
    int parts = plain.dtype().type().components();
    ByteBuffer bytes = ByteBuffer.allocate(plain.size());
    ElementEncoder encoder = ElementEncoder.of(plain.dtype());
    if (value instanceof Boolean flag) {
      encoder.put(new long[] {flag ? 1 : 0, 0}, 0, parts, bytes);
    } else if (value instanceof Double || value instanceof Float) {
      encoder.put(new double[] {((Number) value).doubleValue(), 0}, 0, parts, bytes);
    } else if (value instanceof BigInteger large) {
      encoder.put(new BigDecimal[] {new BigDecimal(large), BigDecimal.ZERO}, 0, parts, bytes);
    } else if (value instanceof Number whole) {
      encoder.put(new long[] {whole.longValue(), 0}, 0, parts, bytes);
    } else {
      throw invalid(null);
    }
    return bytes.array();
  }

  private ArrayException invalid(Throwable cause) {
    return new ArrayException(
        ErrorCode.VDS_MAPPING_INVALID,
        "fill value " + value,
        "it is no " + type,
        "Give a value that the type holds exactly",
        cause);
  }
}
