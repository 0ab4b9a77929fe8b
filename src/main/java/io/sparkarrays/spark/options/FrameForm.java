// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

/** How a frame stands in its column: option {@code frames}. */
public enum FrameForm {
  /** All elements in one array, row-major. */
  ARRAY,
  /** Arrays of arrays, one level a dimension. */
  NESTED,
  /** Little-endian elements in C order, in the width that they are stored in. */
  BINARY
}
