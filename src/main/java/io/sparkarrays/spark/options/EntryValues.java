// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

/** How the values of an array stand in its row: option {@code as}. */
public enum EntryValues {
  /** Little-endian elements in C order. */
  BINARY,
  /** Integers of 64 bits. */
  LONG,
  /** Floating-point numbers of 64 bits. */
  DOUBLE
}
