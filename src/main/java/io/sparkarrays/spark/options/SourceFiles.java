// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

/** Option {@code sources}: which other files a file may lead to, by links or mappings. */
public enum SourceFiles {
  /** All that the reader may read. */
  ANY,
  /** Those in its own folder and below. */
  BELOW
}
