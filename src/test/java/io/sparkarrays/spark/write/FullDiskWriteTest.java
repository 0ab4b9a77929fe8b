// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static io.sparkarrays.spark.write.SavedFrames.assertHolds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Writes to a file system of 8 MiB, which only root can mount; skipped for others. */
@EnabledOnOs(OS.LINUX)
class FullDiskWriteTest {

  @TempDir private Path folder;
  private Path disk;
  private boolean mounted;

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can mount");
    disk = Files.createDirectory(folder.resolve("disk"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString());
    assumeTrue(mounted, "mounting is not allowed here");
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    if (mounted) {
      assertThat(run("umount", disk.toString())).isTrue();
    }
  }

  /** Frames of 256 KiB. */
  private static Dataset<Row> frames(int count, int value) {
    return LocalSpark.session()
        .range(count)
        .selectExpr("id AS frame_index", "array_repeat(" + value + ", 65536) AS frame");
  }

  private void save(Dataset<Row> frames, int count) {
    frames
        .write()
        .format("clusterdata")
        .mode("overwrite")
        .option("scanShape", count)
        .option("frameShape", "256,256")
        .option("partitions", 4)
        .save(disk.resolve("scan").toString());
  }

  @Test
  void theOldDataSetSurvivesAFullDisk() throws IOException {
    save(frames(12, 1), 12);
    assertThat(assertRefused(ErrorCode.IO_FAILED, () -> save(frames(40, 2), 40)))
        .contains("No space left on device");
    assertHolds(disk, "scan");
    ClusterDataSet old = ClusterDataSet.open(disk.resolve("scan"));
    assertThat(old.checkValid()).isTrue();
    assertThat(
            LocalSpark.session()
                .read()
                .format("clusterdata")
                .load(old.path().toString())
                .filter("frame[65535] = 1")
                .count())
        .isEqualTo(12);
    // What fits can be written as if nothing had been.
    save(frames(4, 3), 4);
    assertThat(ClusterDataSet.open(disk.resolve("scan")).structure().frames()).isEqualTo(4);
    assertHolds(disk, "scan");
  }

  @Test
  void theDisksOwnRootCannotBeReplaced() throws IOException {
    Path scan = disk;
    assertThat(
            assertRefused(
                ErrorCode.PATH_IS_MOUNT_POINT,
                () ->
                    frames(4, 1)
                        .write()
                        .format("clusterdata")
                        .option("scanShape", 4)
                        .option("frameShape", "256,256")
                        .save(scan.toString())))
        .contains("mount");
    assertHolds(disk);
    assertHolds(folder, "disk");
  }
}
