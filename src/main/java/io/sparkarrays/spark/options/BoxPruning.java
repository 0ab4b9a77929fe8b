// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

import java.util.List;
import java.util.Optional;

/**
 * What the user told of where the rows of ranks lie, so that predicates may pass over ranks.
 *
 * @param margin how far rows may lie outside of their rank's cell of the box
 * @param origin the lowest corner of the box, three numbers, in place of what files tell
 * @param scale the extents of the box, three numbers, in place of what files tell
 */
public record BoxPruning(
    double margin, Optional<List<Double>> origin, Optional<List<Double>> scale) {

  static Optional<BoxPruning> of(Options options) {
    return options
        .numbers(ArrayOption.RANK_MARGIN, 1)
        .map(
            margin -> {
              if (margin.get(0) < 0) {
                throw Options.invalid(
                    ArrayOption.RANK_MARGIN, margin.get(0).toString(), "less than 0", null);
              }
              return new BoxPruning(
                  margin.get(0),
                  options.numbers(ArrayOption.ORIGIN, 3),
                  BoxOptions.extents(options));
            });
  }
}
