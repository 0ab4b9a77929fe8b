// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.hdf5.virtual.VirtualAccess;
import io.sparkarrays.spark.options.MissingMode;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.options.SourceFiles;
import java.io.Serializable;

/**
 * How files are read that lead to others.
 *
 * @param sources which others they may lead to
 * @param virtual what happens where the source of a virtual data set is missing
 */
record FileAccess(SourceFiles sources, VirtualAccess virtual) implements Serializable {

  static FileAccess of(ReadOptions options) {
    VirtualAccess.Missing missing =
        options.missing() == MissingMode.FILL
            ? VirtualAccess.Missing.FILL
            : VirtualAccess.Missing.FAIL;
    return new FileAccess(options.sources(), VirtualAccess.DEFAULT.withMissing(missing));
  }
}
