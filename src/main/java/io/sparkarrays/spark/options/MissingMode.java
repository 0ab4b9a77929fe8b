// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

/** What a read does where no host has a partition: option {@code missing}. */
public enum MissingMode {
  /** The query fails and names what is missing. */
  FAIL,
  /** The frames give no rows. */
  SKIP,
  /** The frames are rows of the fill value. */
  FILL
}
