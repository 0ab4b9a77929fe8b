// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.options.WriteOptions;
import java.util.Optional;

/**
 * What a write asks of a format.
 *
 * @param options the user's options
 * @param mode how it treats what stands at the path
 * @param frame the frame's shape by the column's metadata
 * @param dtype the dtype by the column's metadata, else by its Spark type
 */
public record WriteRequest(
    WriteOptions options, Mode mode, Optional<Shape> frame, Optional<Dtype> dtype) {

  /** How a write treats what stands at the path. */
  public enum Mode {
    /** There must be nothing. */
    CREATE,
    /** Adds files that are not there yet; creates the data set if there is none. */
    APPEND,
    /** Replaces the files that the rows fill and keeps the others. */
    OVERWRITE_FILES,
    /** Replaces everything. */
    OVERWRITE_ALL
  }
}
