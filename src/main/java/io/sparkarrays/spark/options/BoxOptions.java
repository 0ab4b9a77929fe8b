// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * What the user asked of files of particles: the box that they are in, and how blocks are stored.
 *
 * @param origin the lowest corner of the box, three numbers
 * @param scale the extents of the box, three numbers
 * @param strict whether only what pygio reads is written
 * @param compressed whether blocks are compressed
 */
public record BoxOptions(
    List<Double> origin, List<Double> scale, boolean strict, boolean compressed)
    implements Serializable {

  private enum Compression {
    NONE,
    BLOSC
  }

  private enum Flag {
    FALSE,
    TRUE
  }

  static BoxOptions of(Options options) {
    Optional<List<Double>> size = numbers(options, ArrayOption.BOX_SIZE, 1);
    Optional<List<Double>> scale = numbers(options, ArrayOption.SCALE, 3);
    if (size.isPresent() && scale.isPresent()) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          "options boxSize and scale",
          "both tell the extents of the box",
          "Give one of them");
    }
    return new BoxOptions(
        numbers(options, ArrayOption.ORIGIN, 3).orElse(List.of(0.0, 0.0, 0.0)),
        size.map(s -> List.of(s.get(0), s.get(0), s.get(0)))
            .or(() -> scale)
            .orElse(List.of(0.0, 0.0, 0.0)),
        options.choice(ArrayOption.STRICT, Flag.FALSE) == Flag.TRUE,
        options.choice(ArrayOption.COMPRESSION, Compression.NONE) == Compression.BLOSC);
  }

  private static Optional<List<Double>> numbers(Options options, ArrayOption option, int count) {
    return options
        .list(option)
        .map(
            texts -> {
              try {
                List<Double> numbers = texts.stream().map(Double::valueOf).toList();
                if (numbers.size() == count && numbers.stream().allMatch(Double::isFinite)) {
                  return numbers;
                }
              } catch (NumberFormatException e) {
                throw Options.invalid(option, String.join(",", texts), "not numbers", e);
              }
              throw Options.invalid(
                  option, String.join(",", texts), "not " + count + " finite numbers", null);
            });
  }
}
