// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

import io.sparkarrays.core.Shape;
import java.util.List;
import java.util.Optional;

/**
 * What the user asked of a file of results; {@link ArrayOption} tells what each means.
 *
 * @param dataset the array's path, or the group of several
 * @param datasets paths of arrays, with the names of their columns
 * @param dims names of the scan's dimensions
 * @param chunks extents of a chunk
 * @param compression how chunks are compressed, as it stands
 * @param attributes what is told of the arrays, as JSON
 * @param single whether there is one plain file
 * @param nexus whether there are NeXus classes
 * @param fillMissing whether frames may be missing
 * @param fillValue what they hold then
 * @param masterInterval at which epoch of a stream its file is renewed, each time
 * @param sorted whether each task gets a range of frames
 */
public record ResultOptions(
    Optional<String> dataset,
    Optional<List<String>> datasets,
    Optional<List<String>> dims,
    Optional<Shape> chunks,
    Optional<String> compression,
    Optional<String> attributes,
    boolean single,
    boolean nexus,
    boolean fillMissing,
    double fillValue,
    int masterInterval,
    boolean sorted) {

  static ResultOptions of(Options options) {
    Optional<MissingMode> missing =
        options
            .text(ArrayOption.MISSING)
            .map(text -> options.choice(ArrayOption.MISSING, MissingMode.FAIL));
    if (missing.equals(Optional.of(MissingMode.SKIP))) {
      throw Options.invalid(
          ArrayOption.MISSING, "skip", "a file of frames can't leave frames out", null);
    }
    return new ResultOptions(
        options.text(ArrayOption.DATASET),
        options.list(ArrayOption.DATASETS),
        options.list(ArrayOption.DIMS),
        options.text(ArrayOption.CHUNKS).map(Shape::parse),
        options.text(ArrayOption.COMPRESSION),
        options.text(ArrayOption.ATTRIBUTES),
        options.flag(ArrayOption.SINGLE),
        options.flag(ArrayOption.NEXUS),
        missing.equals(Optional.of(MissingMode.FILL)),
        options.numbers(ArrayOption.FILL_VALUE, 1).map(values -> values.get(0)).orElse(0.0),
        options.count(ArrayOption.MASTER_INTERVAL, 1),
        options.text(ArrayOption.DISTRIBUTION).isPresent()
            && options.choice(ArrayOption.DISTRIBUTION, Distribution.HASH) == Distribution.HASH);
  }

  /**
   * An option that a format can't understand.
   *
   * @param value what was given
   */
  public static io.sparkarrays.core.ArrayException invalid(
      ArrayOption option, String value, String problem) {
    return Options.invalid(option, value, problem, null);
  }
}
