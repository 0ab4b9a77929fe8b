// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

/** Option {@code records}: what becomes of an array of records. */
public enum RecordForm {
  /** One column of structs. */
  STRUCT,
  /** A column for each member. */
  COLUMNS
}
