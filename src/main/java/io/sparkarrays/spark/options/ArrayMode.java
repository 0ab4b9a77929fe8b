// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

/** How named arrays and tables become each other: option {@code mode}. */
public enum ArrayMode {
  /** A row an array. */
  ENTRIES,
  /** A column an array. */
  COLUMNS
}
