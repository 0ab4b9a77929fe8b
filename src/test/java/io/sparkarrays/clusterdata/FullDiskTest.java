// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import static io.sparkarrays.clusterdata.Codes.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Writes to a file system of 8 MiB, which only root can mount; skipped for others. */
@EnabledOnOs(OS.LINUX)
class FullDiskTest {

  private static final int FRAME_BYTES = 1 << 20;

  /** Partitions 0:2 and 2:12: the first fits the disk, the second does not. */
  private static final PartitionStructure STRUCTURE =
      PartitionStructure.of(Shape.of(12), Shape.of(FRAME_BYTES), Dtype.parse("uint8"), 0, 2, 12);

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

  private static void write(PartitionWriter handle, long from, long to) {
    for (long frame = from; frame < to; frame++) {
      handle.writeNext(ByteBuffer.allocate(FRAME_BYTES));
    }
  }

  private static void assertHolds(Path parts, String... names) throws IOException {
    try (Stream<Path> files = Files.list(parts)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly(names);
    }
  }

  @Test
  void partitionThatDoesNotFitIsNotThere() throws IOException {
    ClusterDataSet dataSet = ClusterDataSet.create(disk.resolve("ds"), STRUCTURE);
    Path parts = disk.resolve("ds/parts");
    try (PartitionWriter handle = dataSet.partition(1).write()) {
      assertRefused(ErrorCode.IO_FAILED, () -> write(handle, 2, 12))
          .hasMessageContaining("No space left on device");
      assertRefused(ErrorCode.HANDLE_STATE, handle::commit);
      assertRefused(ErrorCode.HANDLE_STATE, () -> write(handle, 2, 3));
    }
    assertHolds(parts);
    // The space is free again.
    try (PartitionWriter handle = dataSet.partition(0).write()) {
      write(handle, 0, 2);
      handle.commit();
    }
    assertHolds(parts, "partition-00000000");
  }

  @Test
  void oldPartitionSurvivesAFullDisk() throws IOException {
    ClusterDataSet dataSet = ClusterDataSet.create(disk.resolve("ds"), STRUCTURE);
    Partition partition = dataSet.partition(0);
    try (PartitionWriter handle = partition.write()) {
      write(handle, 0, 2);
      handle.commit();
    }
    Path filler = disk.resolve("filler");
    Files.write(filler, new byte[5 * FRAME_BYTES + 4096]);
    try (PartitionWriter handle = partition.overwrite()) {
      assertRefused(
          ErrorCode.IO_FAILED,
          () -> {
            write(handle, 0, 2);
            handle.commit();
          });
    }
    assertThat(partition.path()).hasBinaryContent(new byte[2 * FRAME_BYTES]);
    assertHolds(disk.resolve("ds/parts"), "partition-00000000");
  }

  @Test
  void noTornSidecar() throws IOException {
    Files.createDirectory(disk.resolve("ds"));
    Path filler = disk.resolve("filler");
    try (var channel = Files.newOutputStream(filler)) {
      byte[] page = new byte[4096];
      while (true) {
        channel.write(page);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left on device");
    }
    assertRefused(ErrorCode.IO_FAILED, () -> ClusterDataSet.create(disk.resolve("ds"), STRUCTURE));
    assertThat(disk.resolve("ds")).isEmptyDirectory();
    Files.delete(filler);
    assertThat(ClusterDataSet.create(disk.resolve("ds"), STRUCTURE).checkValid()).isTrue();
  }
}
