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
 * @param compression what blocks are compressed with, as it stands
 */
public record BoxOptions(
    List<Double> origin, List<Double> scale, boolean strict, String compression)
    implements Serializable {

  private enum Compression {
    NONE,
    BLOSC
  }

  static BoxOptions of(Options options) {
    return new BoxOptions(
        options.numbers(ArrayOption.ORIGIN, 3).orElse(List.of(0.0, 0.0, 0.0)),
        extents(options).orElse(List.of(0.0, 0.0, 0.0)),
        options.flag(ArrayOption.STRICT),
        options.text(ArrayOption.COMPRESSION).orElse(null));
  }

  /**
   * Whether blocks are compressed.
   *
   * @throws io.sparkarrays.core.ArrayException {@code OPTION_INVALID}
   */
  public boolean compressed() {
    return Options.choice(
            ArrayOption.COMPRESSION, Optional.ofNullable(compression), Compression.NONE)
        == Compression.BLOSC;
  }

  /** The extents of the box by {@code boxSize} or {@code scale}. */
  static Optional<List<Double>> extents(Options options) {
    Optional<List<Double>> size = options.numbers(ArrayOption.BOX_SIZE, 1);
    Optional<List<Double>> scale = options.numbers(ArrayOption.SCALE, 3);
    if (size.isPresent() && scale.isPresent()) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          "options boxSize and scale",
          "both tell the extents of the box",
          "Give one of them");
    }
    return size.map(s -> List.of(s.get(0), s.get(0), s.get(0))).or(() -> scale);
  }
}
