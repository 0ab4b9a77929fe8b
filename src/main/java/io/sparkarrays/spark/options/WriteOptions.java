// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the user asked of a write; {@link ArrayOption} tells what each means.
 *
 * @param path the data set's absolute path, normalised
 * @param scan the scan's shape
 * @param frame the frame's shape
 * @param dtype the dtype to store
 * @param partitions number of partitions
 * @param structure text or path of a structure sidecar
 * @param overwriteMode what save mode overwrite replaces
 * @param distribution how the rows of a partition come into one task
 * @param box the physical box of particles, and how they are stored
 * @param mode how a table makes named arrays
 * @param result what a file of results shall be like
 * @param hostsTimeout how long the cluster's hosts have to answer
 */
public record WriteOptions(
    String path,
    Optional<Shape> scan,
    Optional<Shape> frame,
    Optional<Dtype> dtype,
    OptionalInt partitions,
    Optional<String> structure,
    OverwriteMode overwriteMode,
    Distribution distribution,
    BoxOptions box,
    ArrayMode mode,
    ResultOptions result,
    Duration hostsTimeout) {

  /**
   * The options of a map whose keys are compared without regard to case.
   *
   * @throws io.sparkarrays.core.ArrayException {@code OPTION_INVALID}, {@code OPTION_MISSING}
   */
  public static WriteOptions of(Map<String, String> values) {
    Options options = new Options(values);
    options.warnOfUnknown();
    int partitions = options.count(ArrayOption.PARTITIONS, 0);
    return new WriteOptions(
        PathOption.of(values),
        options.text(ArrayOption.SCAN_SHAPE).map(Shape::parse),
        options.text(ArrayOption.FRAME_SHAPE).map(Shape::parse),
        options.text(ArrayOption.DTYPE).map(Dtype::parse),
        partitions == 0 ? OptionalInt.empty() : OptionalInt.of(partitions),
        options.text(ArrayOption.STRUCTURE),
        options.choice(ArrayOption.OVERWRITE_MODE, OverwriteMode.ALL),
        options.choice(ArrayOption.DISTRIBUTION, Distribution.HASH),
        BoxOptions.of(options),
        options.choice(ArrayOption.MODE, ArrayMode.ENTRIES),
        ResultOptions.of(options),
        options.duration(ArrayOption.HOSTS_TIMEOUT, ReadOptions.HOSTS_TIMEOUT));
  }

  /** Whether the options describe a data set that does not exist yet. */
  public static boolean describeNew(Map<String, String> values) {
    Options options = new Options(values);
    return options.text(ArrayOption.SCAN_SHAPE).isPresent()
        || options.text(ArrayOption.STRUCTURE).isPresent();
  }
}
