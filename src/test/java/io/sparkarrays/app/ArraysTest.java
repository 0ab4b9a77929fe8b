// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.clusterdata.PartitionWriter;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.hosts.Hosts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The application, from its arguments to what it prints and its exit status. */
final class ArraysTest {

  private static final PartitionStructure STRUCTURE =
      PartitionStructure.even(Shape.of(8, 8), Shape.of(16, 32), Dtype.parse("float32"), 8);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  private int run(String... args) {
    return new Arrays(
            name ->
                SparkSession.builder()
                    .master("local[2]")
                    .appName(name)
                    .config("spark.ui.enabled", "false")
                    .getOrCreate(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .run(args)
        .code();
  }

  private List<String> out() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private List<String> err() {
    return err.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private ClusterDataSet write(int... partitions) {
    ClusterDataSet dataSet = ClusterDataSet.create(folder.resolve("set"), STRUCTURE);
    for (int index : partitions) {
      try (PartitionWriter writer = dataSet.partition(index).write()) {
        writer.writeNext(ByteBuffer.allocate((int) STRUCTURE.partitionBytes(index)));
        writer.commit();
      }
    }
    return dataSet;
  }

  @Test
  void describes() {
    String path = write(0, 1, 2, 5, 7).path().toString();
    assertThat(run("describe", path)).isZero();
    assertThat(err()).isEmpty();
    assertThat(out())
        .containsExactly(
            path,
            "  format      clusterdata",
            "  scan        8 x 8, 64 frames",
            "  frame       16 x 32 float32, 2.0 KiB",
            "  whole       128.0 KiB",
            "  columns     frame_index BIGINT, scan_0 BIGINT, scan_1 BIGINT, frame ARRAY<FLOAT>",
            "  partitions  5 of 8 present",
            "  missing     3-4,6",
            "  host        " + Hosts.here() + "  80.0 KiB in 5: 0-2,5,7");
  }

  @Test
  void deletes() {
    ClusterDataSet dataSet = write(0, 1, 2, 5);
    assertThat(run("delete", dataSet.path().toString(), "--partitions", "1-3,5")).isZero();
    assertThat(err()).isEmpty();
    assertThat(out()).containsExactly(Hosts.here() + ": deleted 1-2,5", "No host had 3");
    assertThat(dataSet.listing().size()).isEqualTo(1);
  }

  @Test
  void failureIsOneLine() {
    assertThat(run("describe", folder.resolve("nothing").toString())).isEqualTo(1);
    assertThat(out()).isEmpty();
    assertThat(err()).singleElement().asString().startsWith("[PATH_NOT_FOUND] ");
  }

  @Test
  void followingNeedsNoSpark() {
    String path = folder.resolve("none.h5").toString();
    Arrays arrays =
        new Arrays(
            name -> {
              throw new AssertionError("Spark was started");
            },
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    assertThat(arrays.run("follow", path, "--option", "timeout=0.05")).isEqualTo(Status.FAILED);
    assertThat(out()).isEmpty();
    assertThat(err()).singleElement().asString().startsWith("[PATH_NOT_FOUND] ");
  }

  @Test
  void helpTellsAllCommands() {
    assertThat(run("--help")).isZero();
    assertThat(out())
        .contains("  describe PATH [--json]", "  delete PATH --partitions LIST")
        .first()
        .asString()
        .contains("--class io.sparkarrays.app.Arrays");
    assertThat(err()).isEmpty();
  }

  @Test
  void helpOfACommandNeedsNothingElse() {
    assertThat(run("delete", "--help")).isZero();
    assertThat(String.join("\n", out())).contains("1,5-7");
    assertThat(err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "explode /data",
        "describe",
        "describe /a /b",
        "describe --fast /a",
        "delete /a",
        "delete --partitions 1",
        "delete /a --partitions",
        "delete /a --partitions one",
        "follow",
        "follow /a --option partitions=4",
        "follow /a --option keys=/k --option keys=/l"
      })
  void otherUseIsRefusedWithTheUsage(String line) {
    assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
    assertThat(out()).isEmpty();
    assertThat(err()).hasSizeGreaterThan(3).anyMatch(text -> text.startsWith("Usage: "));
  }
}
