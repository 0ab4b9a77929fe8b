// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import static io.sparkarrays.spark.write.SavedFrames.assertHolds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A disk that gets full at every step of a write, one after the other, from the first folder to the
 * last rename: it has room for nothing more, for one page or file more, and so on, until the write
 * succeeds. Before that each leaves a clear error, what was there before, and nothing else.
 */
@EnabledOnOs(OS.LINUX)
final class EveryStepOnAFullDiskTest {

  private static final int MOST_STEPS = 60;

  @TempDir private Path folder;

  /** What is limited. */
  private enum Room {
    PAGES,
    FILES
  }

  private static DataFrameWriter<Row> frames(int from, int to, int value) {
    return LocalSpark.session()
        .range(from, to)
        .selectExpr("id AS frame_index", "array_repeat(" + value + ", 700) AS frame")
        .write()
        .format("clusterdata");
  }

  private static DataFrameWriter<Row> whole(int value) {
    return frames(0, 12, value)
        .mode("overwrite")
        .option("scanShape", 12)
        .option("frameShape", "700")
        .option("partitions", 3);
  }

  /** The value of all elements, whose frames must be so many. */
  private static int value(Path scan, int count) {
    assertThat(ClusterDataSet.open(scan).checkValid()).isTrue();
    Row row =
        LocalSpark.session()
            .read()
            .format("clusterdata")
            .option("missing", "skip")
            .load(scan.toString())
            .selectExpr(
                "count(*)", "min(array_min(frame))", "max(array_max(frame))", "min(size(frame))")
            .head();
    assertThat(row.getLong(0)).isEqualTo(count);
    assertThat(row.getInt(1)).isEqualTo(row.getInt(2));
    assertThat(row.getInt(3)).isEqualTo(700);
    return row.getInt(1);
  }

  @ParameterizedTest
  @CsvSource({
    "create, PAGES",
    "create, FILES",
    "overwrite, PAGES",
    "overwrite, FILES",
    "append, PAGES",
    "append, FILES"
  })
  void leavesWhatWasThereAndNothingElse(String how, Room room) throws Exception {
    int failed = 0;
    boolean written = false;
    for (int left = 0; !written; left++) {
      assertThat(left).as("steps until the write has room").isLessThan(MOST_STEPS);
      try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"))) {
        Path scan = disk.path().resolve("scan");
        prepare(how, scan);
        if (room == Room.PAGES) {
          disk.leavePages(left);
        } else {
          disk.leaveFiles(left);
        }
        Throwable error = catchThrowable(() -> write(how, scan));
        written = error == null;
        if (written) {
          assertThat(value(scan, 12)).isEqualTo(how.equals("append") ? 1 : 2);
          assertHolds(disk.path(), "scan");
        } else {
          failed++;
          assertClear(how + " with room for " + left + " " + room, error);
          assertAsBefore(how, disk.path());
        }
      }
    }
    assertThat(failed).isGreaterThan(3);
  }

  private static void prepare(String how, Path scan) {
    switch (how) {
      case "overwrite" -> whole(1).save(scan.toString());
      case "append" ->
          frames(0, 8, 1)
              .mode("append")
              .option("scanShape", 12)
              .option("frameShape", "700")
              .option("partitions", 3)
              .save(scan.toString());
      default -> assertThat(scan).doesNotExist();
    }
  }

  private static void write(String how, Path scan) {
    if (how.equals("append")) {
      frames(8, 12, 1).mode("append").save(scan.toString());
    } else {
      whole(2).save(scan.toString());
    }
  }

  private static void assertClear(String step, Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ArrayException refusal) {
        assertThat(refusal.code()).as(step).isIn(ErrorCode.IO_FAILED, ErrorCode.COMMIT_FAILED);
        assertThat(refusal).as(step).hasMessageContainingAll("No space left on device", "scan");
        return;
      }
    }
    throw new AssertionError(step + ": no clear error", error);
  }

  private static void assertAsBefore(String how, Path disk) throws IOException {
    if (how.equals("create")) {
      assertHolds(disk);
      return;
    }
    assertHolds(disk, "scan");
    Path scan = disk.resolve("scan");
    assertThat(value(scan, how.equals("append") ? 8 : 12)).isEqualTo(1);
    assertHolds(scan, "parts", "structure.json");
    try (var parts = Files.list(scan.resolve("parts"))) {
      assertThat(parts).hasSize(how.equals("append") ? 2 : 3);
    }
  }

  @ParameterizedTest
  @CsvSource({"create", "overwrite", "append"})
  void aReadOnlyDiskIsNamed(String how) throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"))) {
      Path scan = disk.path().resolve("scan");
      prepare(how, scan);
      disk.makeReadOnly();
      String message = LocalSpark.assertRefused(ErrorCode.IO_FAILED, () -> write(how, scan));
      assertThat(message).contains("Read-only file system", disk.path().toString());
      assertAsBefore(how, disk.path());
    }
  }
}
