// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import static io.sparkarrays.clusterdata.Samples.STRUCTURE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.TempFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class TempFileTest {

  @TempDir private Path folder;

  private static List<Path> temps(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().startsWith(TempFile.PREFIX)).toList();
    }
  }

  private static void write(TempFile file, String text) throws IOException {
    file.channel().write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void publishedFileHasItsNameAlone() throws IOException {
    Path target = folder.resolve("name");
    try (TempFile file = TempFile.create(folder, "name")) {
      write(file, "new");
      file.publish(target, false);
    }
    assertThat(folder).isDirectoryContaining(target::equals);
    assertThat(temps(folder)).isEmpty();
    assertThat(target).hasContent("new");
  }

  @Test
  void existingFileIsReplacedOnlyOnDemand() throws IOException {
    Path target = Files.writeString(folder.resolve("name"), "old");
    try (TempFile file = TempFile.create(folder, "name")) {
      write(file, "new");
      assertThatThrownBy(() -> file.publish(target, false))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThat(target).hasContent("old");
      file.publish(target, true);
      assertThat(target).hasContent("new");
    }
    assertThat(temps(folder)).isEmpty();
  }

  @Test
  void twoOfOneNameDoNotMeet() throws IOException {
    try (TempFile one = TempFile.create(folder, "name");
        TempFile two = TempFile.create(folder, "name")) {
      assertThat(one.path()).isNotEqualTo(two.path());
      assertThat(TempFile.removeStale(folder)).isZero();
      assertThat(temps(folder)).hasSize(2);
    }
    assertThat(temps(folder)).isEmpty();
  }

  @Test
  void whatNobodyWritesIsRemoved() throws IOException {
    Files.writeString(folder.resolve(".tmp-name-1"), "left");
    Files.createLink(folder.resolve(".tmp-name-2"), Files.writeString(folder.resolve("name"), "x"));
    Files.createDirectory(folder.resolve(".tmp-folder"));
    assertThat(TempFile.removeStale(folder)).isEqualTo(2);
    assertThat(temps(folder)).containsExactly(folder.resolve(".tmp-folder"));
    assertThat(folder.resolve("name")).hasContent("x");
    assertThat(TempFile.removeStale(folder.resolve("absent"))).isZero();
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void killedWritersFileIsToldFromALiveOnes() throws IOException {
    Path base = folder.resolve("ds");
    Path parts = base.resolve("parts");
    try (WriterProcess writer = WriterProcess.start(base, "022")) {
      ClusterDataSet dataSet = ClusterDataSet.create(base, STRUCTURE);
      assertThat(temps(parts)).as("a live writer's file stays").hasSize(1);
      writer.kill();
      assertThat(temps(parts)).hasSize(1);
      assertThat(dataSet.partition(1).isPresent()).isFalse();
      assertThat(dataSet.checkValid()).isTrue();

      ClusterDataSet.create(base, STRUCTURE);

      assertThat(temps(parts)).isEmpty();
      assertThat(dataSet.partition(0).path()).hasBinaryContent(Samples.frames(0, 4).array());
      Samples.fill(dataSet.partition(1));
      assertThat(dataSet.checkValid()).isTrue();
    }
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void modeIsThatOfTheUmask() throws IOException {
    for (String[] umask : new String[][] {{"022", "rw-r--r--"}, {"007", "rw-rw----"}}) {
      Path base = folder.resolve("ds-" + umask[0]);
      try (WriterProcess writer = WriterProcess.start(base, umask[0])) {
        for (Path file :
            List.of(base.resolve("structure.json"), base.resolve("parts/partition-00000000"))) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
              .as(file.toString())
              .isEqualTo(umask[1]);
        }
        writer.kill();
      }
    }
  }
}
