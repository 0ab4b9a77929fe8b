// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.options.ArrayOption;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.source.WriteRequest;
import java.nio.file.Path;
import java.util.Optional;

/** Settles the structure that a write has, from the options, the column and what stands. */
final class StructurePlan {

  /** About how large a partition gets if the user does not say. */
  private static final long PARTITION_BYTES = 128L << 20;

  private StructurePlan() {}

  /**
   * The structure of a data set that the write makes.
   *
   * @param standing the one that it replaces, whose structure it keeps unless told otherwise
   * @throws ArrayException {@code OPTION_MISSING}, {@code OPTION_INVALID}, {@code
   *     STRUCTURE_INVALID}
   */
  static PartitionStructure ofNew(WriteRequest request, Optional<PartitionStructure> standing) {
    WriteOptions options = request.options();
    if (options.structure().isPresent()) {
      refuse(options.scan().isPresent(), ArrayOption.SCAN_SHAPE);
      refuse(options.frame().isPresent(), ArrayOption.FRAME_SHAPE);
      refuse(options.dtype().isPresent(), ArrayOption.DTYPE);
      refuse(options.partitions().isPresent(), ArrayOption.PARTITIONS);
      return given(options.structure().get());
    }
    if (options.scan().isEmpty() && standing.isPresent()) {
      return ofStanding(request, standing.get());
    }
    Shape scan = options.scan().orElseThrow(() -> missing(ArrayOption.SCAN_SHAPE));
    Shape frame =
        options.frame().or(request::frame).orElseThrow(() -> missing(ArrayOption.FRAME_SHAPE));
    Dtype dtype = options.dtype().or(request::dtype).orElseThrow(() -> missing(ArrayOption.DTYPE));
    double bytes = (double) scan.size() * frame.size() * dtype.size();
    long wanted = (long) Math.ceil(bytes / PARTITION_BYTES);
    int partitions = options.partitions().orElse((int) Math.max(1, Math.min(wanted, scan.size())));
    if (partitions > scan.size()) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          "option partitions = " + partitions,
          "the scan " + scan + " has only " + scan.size() + " frames",
          "Give at most one partition a frame");
    }
    return PartitionStructure.even(scan, frame, dtype, partitions);
  }

  private static PartitionStructure given(String structure) {
    return structure.stripLeading().startsWith("{")
        ? PartitionStructure.parse(structure, "option structure")
        : PartitionStructure.read(Path.of(structure));
  }

  private static void refuse(boolean there, ArrayOption option) {
    if (there) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          "option " + option.optionName(),
          "option structure says the same and was given too",
          "Leave one of them out");
    }
  }

  private static ArrayException missing(ArrayOption option) {
    return new ArrayException(
        ErrorCode.OPTION_MISSING,
        "option " + option.optionName(),
        "a new data set needs it, and the column's metadata does not tell",
        "Give " + option.meaning());
  }

  /**
   * The structure that stands, if what was asked for agrees with it.
   *
   * @throws ArrayException {@code STRUCTURE_DIFFERS}
   */
  static PartitionStructure ofStanding(WriteRequest request, PartitionStructure standing) {
    WriteOptions options = request.options();
    options.structure().ifPresent(s -> same("structure", given(s), standing));
    options.scan().ifPresent(s -> same("scanShape", s, standing.scan()));
    options.frame().or(request::frame).ifPresent(s -> same("frameShape", s, standing.frame()));
    options.dtype().ifPresent(d -> same("dtype", d, standing.dtype()));
    options.partitions().ifPresent(n -> same("partitions", n, standing.partitions()));
    return standing;
  }

  private static void same(String option, Object asked, Object standing) {
    if (!asked.equals(standing)) {
      throw new ArrayException(
          ErrorCode.STRUCTURE_DIFFERS,
          option + " = " + asked,
          "the data set that stands has " + standing,
          "Write it as it is, or replace all of it: mode overwrite, overwriteMode = all,"
              + " scanShape");
    }
  }
}
