// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Command {@code convert}: what is written, byte for byte, and what is refused. */
final class ConvertTest {

  private final CommandLineRun app = new CommandLineRun();

  @TempDir private Path folder;

  private String source(int... partitions) {
    return CommandLineRun.write(folder.resolve("source"), partitions).path().toString();
  }

  private String target() {
    return folder.resolve("target").toString();
  }

  /** All bytes of a data set, partition after partition. */
  private static byte[] bytes(Path path) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (var partition : ClusterDataSet.open(path).partitions()) {
      bytes.write(Files.readAllBytes(partition.path()));
    }
    return bytes.toByteArray();
  }

  private PartitionStructure written() {
    return ClusterDataSet.open(folder.resolve("target")).structure();
  }

  @Test
  void keepsTheBytesInAnotherStructure() throws IOException {
    String source = source(0, 1, 2, 3);
    assertThat(app.run("convert", source, target(), "--write-option", "partitions=7")).isZero();
    assertThat(written())
        .isEqualTo(
            PartitionStructure.even(Shape.of(8, 8), Shape.of(16, 32), Dtype.parse("float32"), 7));
    assertThat(bytes(folder.resolve("target"))).isEqualTo(bytes(folder.resolve("source")));
    assertThat(app.out())
        .contains(target(), "  partitions  7 of 7 present")
        .last()
        .asString()
        .matches("converted .*/source in [0-9.]+ s");
    assertThat(app.err()).last().asString().matches("convert: \\d+ of \\d+ tasks, .*, \\d+ s");
  }

  @Test
  void changesTheDtypeAndCutsARegion() throws IOException {
    String source = source(0, 1, 2, 3);
    assertThat(
            app.run(
                "convert",
                source,
                target(),
                "--from",
                "clusterdata",
                "--to",
                "clusterdata",
                "--option",
                "region=2:4,0:8",
                "--write-option",
                "dtype=float64"))
        .isZero();
    assertThat(written().frame()).isEqualTo(Shape.of(2, 8));
    ByteBuffer values =
        ByteBuffer.wrap(bytes(folder.resolve("target"))).order(ByteOrder.LITTLE_ENDIAN);
    for (int frame = 0; frame < 64; frame++) {
      for (int y = 2; y < 4; y++) {
        for (int x = 0; x < 8; x++) {
          assertThat(values.getDouble()).isEqualTo(frame * 512.0 + y * 32 + x);
        }
      }
    }
    assertThat(values.hasRemaining()).isFalse();
  }

  @Test
  void takesAStructure() throws IOException {
    String source = source(0, 1, 2, 3);
    PartitionStructure uneven =
        PartitionStructure.of(
            Shape.of(8, 8), Shape.of(16, 32), Dtype.parse("float32"), 0, 1, 60, 64);
    Path file = Files.writeString(folder.resolve("s.json"), uneven.toJson());
    assertThat(app.run("convert", source, target(), "--write-option", "STRUCTURE=" + file))
        .isZero();
    assertThat(written()).isEqualTo(uneven);
    assertThat(bytes(folder.resolve("target"))).isEqualTo(bytes(folder.resolve("source")));
  }

  @Test
  void replacesOnlyWhenToldTo() throws IOException {
    String source = source(0, 1, 2, 3);
    assertThat(app.run("convert", source, target(), "--write-option", "partitions=2")).isZero();
    assertThat(app.run("convert", source, target(), "--write-option", "partitions=3")).isEqualTo(1);
    assertThat(app.err()).singleElement().asString().startsWith("[OPTION_INVALID] " + target());
    assertThat(written().partitions()).isEqualTo(2);
    assertThat(
            app.run("convert", source, target(), "--write-option", "partitions=3", "--overwrite"))
        .isZero();
    assertThat(written().partitions()).isEqualTo(3);
    assertThat(bytes(folder.resolve("target"))).isEqualTo(bytes(folder.resolve("source")));
  }

  @Test
  void missingPartitionFailsAndLeavesNothing() throws IOException {
    String source = source(0, 1, 3);
    assertThat(app.run("convert", source, target())).isEqualTo(1);
    assertThat(app.err()).last().asString().startsWith("[PARTITION_MISSING] ");
    assertThat(app.err()).noneMatch(line -> line.startsWith("\tat "));
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(folder.resolve("source"));
    }
  }

  @Test
  void failureInATaskIsOneLineOfOurs() throws IOException {
    String source = source(0, 1, 2, 3);
    // Frames 0 to 63 hold values up to 32767: more than int8 takes.
    assertThat(app.run("convert", source, target(), "--write-option", "dtype=int8")).isEqualTo(1);
    assertThat(app.err().stream().filter(line -> !line.startsWith("convert: ")))
        .singleElement()
        .asString()
        .startsWith("[");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(folder.resolve("source"));
    }
    assertThat(app.run("convert", source, target(), "--write-option", "dtype=int8", "--debug"))
        .isEqualTo(1);
    assertThat(app.err()).anyMatch(line -> line.startsWith("\tat io.sparkarrays."));
  }

  @Test
  void refusesItsOwnSource() {
    String source = source(0, 1, 2, 3);
    assertThat(app.run("convert", source, source + "/", "--overwrite")).isEqualTo(1);
    assertThat(app.err()).singleElement().asString().startsWith("[OPTION_INVALID] ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "convert /a",
        "convert /a /b /c",
        "convert /a /b --to parquet",
        "convert /a /b --from",
        "convert /a /b --option missing",
        "convert /a /b --option partitions=3",
        "convert /a /b --write-option mising=skip",
        "convert /a /b --write-option path=/c",
        "convert /a /b --write-option dtype=int8 --write-option DTYPE=int16",
        "verify",
        "verify /a --hosts none",
        "verify /a --format tiff",
        "verify /a --manifest m --write-manifest n"
      })
  void otherUseIsRefusedWithTheUsage(String line) {
    assertThat(app.run(line.split(" "))).isEqualTo(2);
    assertThat(app.out()).isEmpty();
    assertThat(app.err()).hasSizeGreaterThan(3).anyMatch(text -> text.startsWith("Usage: "));
  }
}
