// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

/** Who reads the elements of files for which there is a library. */
public enum DataReading {
  /** We do, where we can. */
  AUTO,
  /** We do. */
  JAVA,
  /** The library. */
  LIBRARY
}
