// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

/** How the rows of a partition come into one task: option {@code distribution}. */
public enum Distribution {
  /** Spark shuffles them there. */
  HASH,
  /** They are there already; nothing is moved. */
  NONE
}
