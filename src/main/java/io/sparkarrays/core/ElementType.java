// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.util.Locale;

/** The kind of one array element, with numpy's name and size; the byte order is {@link Dtype}'s. */
public enum ElementType {
  BOOL('b', 1, 1),
  INT8('i', 1, 1),
  UINT8('u', 1, 1),
  INT16('i', 2, 1),
  UINT16('u', 2, 1),
  INT32('i', 4, 1),
  UINT32('u', 4, 1),
  INT64('i', 8, 1),
  UINT64('u', 8, 1),
  FLOAT16('f', 2, 1),
  FLOAT32('f', 4, 1),
  FLOAT64('f', 8, 1),
  COMPLEX64('c', 4, 2),
  COMPLEX128('c', 8, 2);

  private final char kind;
  private final int componentSize;
  private final int components;

  ElementType(char kind, int componentSize, int components) {
    this.kind = kind;
    this.componentSize = componentSize;
    this.components = components;
  }

  /** numpy's kind character: {@code b}, {@code i}, {@code u}, {@code f} or {@code c}. */
  public char kind() {
    return kind;
  }

  /** Bytes of one element. */
  public int size() {
    return componentSize * components;
  }

  /** Bytes of the unit that a change of byte order turns: half an element of a complex type. */
  public int componentSize() {
    return componentSize;
  }

  /** 2 for complex types, else 1. */
  public int components() {
    return components;
  }

  /** numpy's name, such as {@code uint16}. */
  public String numpyName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
