// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.Serial;

/**
 * A value that a dtype can't hold. Checked, because only the caller knows the frame and the file
 * that the message to the user must name ({@code VALUE_OUT_OF_RANGE}).
 */
public final class ElementOutOfRangeException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final int index;
  private final String value;
  private final Dtype dtype;

  ElementOutOfRangeException(int index, Object value, Dtype dtype) {
    super("element " + index + " is " + value + ", which " + dtype + " can't hold");
    this.index = index;
    this.value = value.toString();
    this.dtype = dtype;
  }

  /** The value's place in the array that was given. */
  public int index() {
    return index;
  }

  /** The value as text. */
  public String value() {
    return value;
  }

  /** What it should have become. */
  public Dtype dtype() {
    return dtype;
  }
}
