// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.Serializable;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Optional;

/**
 * A numpy dtype of one element: its type and byte order. Written as numpy's {@code str(dtype)} on a
 * little-endian machine writes it: {@code float32}, {@code >u2}, {@code bool}.
 *
 * @param type the element's type
 * @param bigEndian whether components are stored with the most significant byte first; always false
 *     for one-byte types
 */
public record Dtype(ElementType type, boolean bigEndian) implements Serializable {

  /** Drops the byte order where one byte has none, so that equal dtypes are equal records. */
  public Dtype {
    bigEndian = bigEndian && type.componentSize() > 1;
  }

  /** The little-endian dtype of an element type. */
  public static Dtype of(ElementType type) {
    return new Dtype(type, false);
  }

  /**
   * Reads any of numpy's spellings: {@code float32}, {@code <f4}, {@code =f4}, {@code >u2}, {@code
   * |b1}, {@code u1}. A name without an order mark is little-endian.
   *
   * @throws ArrayException {@code DTYPE_UNSUPPORTED}
   */
  public static Dtype parse(String text) {
    return find(text)
        .orElseThrow(
            () ->
                new ArrayException(
                    ErrorCode.DTYPE_UNSUPPORTED,
                    "dtype '" + text + "'",
                    "not a numpy dtype of plain numbers",
                    "Use a name such as uint16, float32, complex64, bool or >u2"));
  }

  private static Optional<Dtype> find(String text) {
    String name = text.strip();
    boolean big = name.startsWith(">");
    if (!name.isEmpty() && "<>=|".indexOf(name.charAt(0)) >= 0) {
      name = name.substring(1);
    }
    for (ElementType type : ElementType.values()) {
      if (name.equals(type.numpyName())
          || name.equals(type.kind() + Integer.toString(type.size()))) {
        return Optional.of(new Dtype(type, big));
      }
    }
    return Optional.empty();
  }

  /** Bytes of one element. */
  public int size() {
    return type.size();
  }

  /** The byte order of each component. */
  public ByteOrder order() {
    return bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  /** numpy's {@code str(dtype)} on a little-endian machine. */
  @Override
  public String toString() {
    return bigEndian
        ? String.format(Locale.ROOT, ">%c%d", type.kind(), type.size())
        : type.numpyName();
  }
}
