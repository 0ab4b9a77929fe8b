// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.spark.hosts.Hosts;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Command {@code verify} on a damaged data set; {@code sha256sum} judges manifests. */
final class VerifyTest {

  private final CommandLineRun app = new CommandLineRun();

  @TempDir private Path folder;

  private ClusterDataSet write(int... partitions) {
    return CommandLineRun.write(folder.resolve("set"), partitions);
  }

  private static Path file(ClusterDataSet dataSet, int partition) {
    return dataSet.partition(partition).path();
  }

  /** Everything in the folder, with sizes and times. */
  private SortedMap<String, String> state() throws IOException {
    SortedMap<String, String> state = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        state.put(
            file.toString(),
            Files.isDirectory(file)
                ? ""
                : Files.size(file) + " " + Files.getLastModifiedTime(file));
      }
    }
    return state;
  }

  @Test
  void wholeDataSetIsAllRightAndNothingIsTouched() throws IOException {
    String path = write(0, 1, 2, 3).path().toString();
    SortedMap<String, String> before = state();
    assertThat(app.run("verify", path)).isZero();
    assertThat(app.out()).containsExactly(path + ": 5 files in 5 copies on 1 host: all right");
    assertThat(app.err()).isEmpty();
    assertThat(app.run("verify", path, "--checksums")).isZero();
    assertThat(app.out()).last().asString().contains(" KiB read: all right");
    assertThat(state()).isEqualTo(before);
  }

  @Test
  void absentShortLongAndStrayFilesAreTold() throws IOException {
    ClusterDataSet dataSet = write(0, 1, 2);
    long right = Files.size(file(dataSet, 0));
    try (FileChannel channel =
        FileChannel.open(file(dataSet, 1), StandardOpenOption.WRITE, StandardOpenOption.READ)) {
      channel.truncate(right - 1);
    }
    Files.write(file(dataSet, 2), new byte[3], StandardOpenOption.APPEND);
    Files.createFile(dataSet.path().resolve("notes.txt"));
    Files.createFile(file(dataSet, 0).resolveSibling("partition-00000099"));
    Files.createFile(file(dataSet, 0).resolveSibling(".tmp-partition-00000003-x"));
    String here = " on " + Hosts.here() + ": ";
    assertThat(app.run("verify", dataSet.path().toString())).isEqualTo(1);
    assertThat(app.out())
        .containsExactlyInAnyOrder(
            "stray      notes.txt" + here + "it is no part of the data set",
            "stray      parts/partition-00000099" + here + "the data set has partitions 0 to 3",
            "size       parts/partition-00000001"
                + here
                + (right - 1)
                + " bytes where partition 1 (frames 16:32) needs "
                + right,
            "size       parts/partition-00000002"
                + here
                + (right + 3)
                + " bytes where partition 2 (frames 32:48) needs "
                + right,
            "absent     parts/partition-00000003: partition 3 (frames 48:64) is on no host that"
                + " answered: "
                + Hosts.here(),
            dataSet.path() + ": 5 files in 4 copies on 1 host: 5 problems");
  }

  @Test
  void folderInAPartitionsPlaceIsTold() throws IOException {
    ClusterDataSet dataSet = write(0, 1, 2);
    Files.createDirectory(file(dataSet, 3));
    assertThat(app.run("verify", dataSet.path().toString(), "--checksums")).isEqualTo(1);
    assertThat(app.out())
        .hasSize(2)
        .first()
        .asString()
        .contains("size", "partition-00000003", "it is no file");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void manifestIsWhatSha256sumChecks() throws Exception {
    ClusterDataSet dataSet = write(0, 1, 2, 3);
    Path manifest = folder.resolve("set.sha256");
    assertThat(app.run("verify", dataSet.path().toString(), "--write-manifest", "" + manifest))
        .isZero();
    assertThat(app.out()).last().isEqualTo("wrote " + manifest);
    assertThat(Files.readAllLines(manifest)).hasSize(5);
    Process judge =
        new ProcessBuilder("sha256sum", "--check", "--strict", "--quiet", manifest.toString())
            .directory(dataSet.path().toFile())
            .start();
    assertThat(judge.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(judge.exitValue()).isZero();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void sha256sumsOwnManifestServes() throws Exception {
    ClusterDataSet dataSet = write(0, 1, 2, 3);
    Path manifest = folder.resolve("by-hand.sha256");
    Process sums =
        new ProcessBuilder("sh", "-c", "find . -type f -print0 | xargs -0 sha256sum")
            .directory(dataSet.path().toFile())
            .redirectOutput(manifest.toFile())
            .start();
    assertThat(sums.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(app.run("verify", dataSet.path().toString(), "--manifest", "" + manifest)).isZero();
  }

  @Test
  void flippedByteIsFoundByTheManifestAlone() throws IOException {
    ClusterDataSet dataSet = write(0, 1, 2, 3);
    String path = dataSet.path().toString();
    Path manifest = folder.resolve("m");
    assertThat(app.run("verify", path, "--write-manifest", manifest.toString())).isZero();
    byte[] bytes = Files.readAllBytes(file(dataSet, 2));
    bytes[bytes.length - 1] ^= 1;
    Files.write(file(dataSet, 2), bytes);
    assertThat(app.run("verify", path, "--checksums")).isZero();
    assertThat(app.run("verify", path, "--manifest", manifest.toString())).isEqualTo(1);
    assertThat(app.out())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("checksum   parts/partition-00000002 on " + Hosts.here());
    assertThat(app.out()).last().asString().endsWith(": 1 problem");
    assertThat(app.err()).last().asString().matches("verify: \\d+ of \\d+ tasks, .*, \\d+ s");
  }

  @Test
  void manifestOfOtherFilesIsTold() throws IOException {
    ClusterDataSet dataSet = write(0, 1, 2, 3);
    Path manifest = folder.resolve("m");
    assertThat(app.run("verify", dataSet.path().toString(), "--write-manifest", "" + manifest))
        .isZero();
    List<String> lines = Files.readAllLines(manifest);
    lines.set(1, lines.get(1).replace("partition-00000001", "partition-00000007"));
    lines.set(0, lines.get(0).replace("partition-00000000", "partition-00000008"));
    Files.write(manifest, lines);
    assertThat(app.run("verify", dataSet.path().toString(), "--manifest", "" + manifest))
        .isEqualTo(1);
    assertThat(app.out().stream().map(line -> line.split(":")[0]))
        .containsExactly(
            "unlisted   parts/partition-00000000",
            "unlisted   parts/partition-00000001",
            "absent     parts/partition-00000007",
            "absent     parts/partition-00000008",
            dataSet.path().toString());
  }

  @Test
  void manifestIsWrittenOnceAndOnlyOfRightData() throws IOException {
    ClusterDataSet dataSet = write(0, 1, 2);
    String path = dataSet.path().toString();
    Path manifest = folder.resolve("m");
    assertThat(app.run("verify", path, "--write-manifest", manifest.toString())).isEqualTo(1);
    assertThat(app.out()).last().isEqualTo("did not write " + manifest);
    assertThat(manifest).doesNotExist();
    Files.writeString(manifest, "mine");
    assertThat(app.run("verify", path, "--write-manifest", manifest.toString())).isEqualTo(1);
    assertThat(app.out()).isEmpty();
    assertThat(app.err()).singleElement().asString().startsWith("[OPTION_INVALID] " + manifest);
    assertThat(manifest).hasContent("mine");
  }

  @Test
  void badManifestNamesTheLine() throws IOException {
    String path = write(0, 1, 2, 3).path().toString();
    Path manifest = Files.writeString(folder.resolve("m"), "\nabc  parts/partition-00000000\n");
    assertThat(app.run("verify", path, "--manifest", manifest.toString())).isEqualTo(1);
    assertThat(app.err())
        .singleElement()
        .asString()
        .startsWith("[MANIFEST_INVALID] " + manifest + ", line 2: ");
    assertThat(app.run("verify", path, "--manifest", folder + "/none")).isEqualTo(1);
    assertThat(app.err()).singleElement().asString().startsWith("[PATH_NOT_FOUND] ");
  }

  @Test
  void fewerHostsThanThereShouldBeLeaveItUnknown() {
    String path = write(0, 1, 2).path().toString();
    assertThat(app.run("verify", path, "--hosts", "2")).isEqualTo(3);
    assertThat(app.out())
        .hasSize(3)
        .allMatch(line -> line.startsWith("unknown ") || line.endsWith(": 2 unknown"))
        .anyMatch(line -> line.contains("only 1 of 2 hosts"))
        .anyMatch(line -> line.contains("partition-00000003"));
  }

  @Test
  void damagedSidecarIsTold() throws IOException {
    ClusterDataSet dataSet = write(0, 1, 2, 3);
    Files.writeString(dataSet.path().resolve(ClusterDataSet.SIDECAR), "{");
    assertThat(app.run("verify", dataSet.path().toString())).isEqualTo(1);
    assertThat(app.err()).singleElement().asString().startsWith("[STRUCTURE_INVALID] ");
    Files.delete(dataSet.path().resolve(ClusterDataSet.SIDECAR));
    assertThat(app.run("verify", dataSet.path().toString())).isEqualTo(1);
    assertThat(app.err()).singleElement().asString().startsWith("[NOT_A_DATA_SET] ");
    assertThat(app.run("verify", folder + "/nothing")).isEqualTo(1);
    assertThat(app.err()).singleElement().asString().startsWith("[PATH_NOT_FOUND] ");
  }
}
