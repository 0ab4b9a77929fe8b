// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

/** What save mode overwrite replaces: option {@code overwriteMode}. */
public enum OverwriteMode {
  /** The whole data set; the new one may have another structure. */
  ALL,
  /** Only the partitions that the rows fill. */
  PARTITIONS
}
