// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ValueType;

/** Which types of values HDF5 makes of which when a virtual data set is read. */
final class Conversions {

  private enum Kind {
    NUMBER,
    COMPLEX,
    FIXED_TEXT,
    TEXT,
    OTHER
  }

  private Conversions() {}

  private static Kind kind(ValueType type) {
    if (type instanceof ValueType.Plain plain) {
      return plain.dtype().type().components() == 2 ? Kind.COMPLEX : Kind.NUMBER;
    } else if (type instanceof ValueType.Converted || type instanceof ValueType.Enumeration) {
      return Kind.NUMBER;
    } else if (type instanceof ValueType.Text) {
      return Kind.FIXED_TEXT;
    }
    return type instanceof ValueType.VariableText ? Kind.TEXT : Kind.OTHER;
  }

  /** Whether there is a conversion; of what is composed it is seen when it is read. */
  static boolean exists(ValueType from, ValueType to) {
    Kind source = kind(from);
    Kind target = kind(to);
    return switch (source) {
      case FIXED_TEXT -> target == Kind.FIXED_TEXT || target == Kind.TEXT;
      case OTHER -> from.getClass() == to.getClass();
      case NUMBER, COMPLEX, TEXT -> source == target;
    };
  }
}
