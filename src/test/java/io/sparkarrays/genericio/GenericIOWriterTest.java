// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import static io.sparkarrays.genericio.ReferenceFiles.FOLDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkarrays.core.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is, byte for byte, what the GenericIO library writes. */
final class GenericIOWriterTest {

  private static final Path PYTHON = Path.of(".venv/bin/python").toAbsolutePath();
  private static final Path CHECKER = Path.of("python/tests/oracles/check_genericio.py");

  @TempDir private Path folder;

  private static void copy(GenericIOFile file, FileLayout layout, Path target) throws IOException {
    try (GenericIOWriter writer =
        GenericIOWriter.create(target, false, layout, file.ranks().size())) {
      for (int rank = 0; rank < file.ranks().size(); rank++) {
        RankBlock block = file.ranks().get(rank);
        writer.rank(block.number(), block.coords(), block.rows());
        for (Variable variable : file.variables()) {
          writer.column(file.read(rank, variable.name()));
        }
      }
      writer.commit();
    }
  }

  private static FileLayout layoutOf(GenericIOFile file) {
    return new FileLayout(file.variables(), file.dims(), file.origin(), file.scale(), false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gio/p5_r1.gio",
        "gio/p5_r3.gio",
        "gio/all_r2.gio",
        "gio/vec_r2.gio",
        "gio/empty_rank_r3.gio",
        "gio/empty_all_r2.gio",
        "gio/split_r4.gio#3",
        "store/tmp_pos_0.tmp.gio",
        "store/tmp_499.tmp.gio"
      })
  void bytesAreThoseOfTheLibrary(String name) throws IOException {
    Path target = folder.resolve("copy.gio");
    try (GenericIOFile file = GenericIOFile.open(FOLDER.resolve(name))) {
      copy(file, layoutOf(file), target);
    }
    assertThat(target).hasSameBinaryContentAs(FOLDER.resolve(name));
  }

  @Test
  void rankMapIsThatOfTheLibrary() throws IOException {
    Path map = folder.resolve("split.gio");
    SplitFiles.writeMap(map, false, 3, 7, 3, 7);
    assertThat(map).hasSameBinaryContentAs(FOLDER.resolve("gio/split_r4.gio"));
  }

  @Test
  void flagsOfColumnsAreThoseOfTheLibrary() throws IOException {
    try (GenericIOFile file = GenericIOFile.open(FOLDER.resolve("gio/all_r2.gio"))) {
      assertThat(file.variables())
          .isEqualTo(
              file.variables().stream()
                  .map(v -> Variable.of(v.name(), v.elementType(), v.width()))
                  .toList());
    }
    Variable x = Variable.of("x", ElementType.FLOAT32, 1).asCoordinate(0);
    assertThat(x.flags()).isEqualTo(7);
    assertThat(x.isCoordinate(0)).isTrue();
    assertThat(x.isCoordinate(1)).isFalse();
  }

  @Test
  void independentReaderAcceptsWhatIsWritten() throws Exception {
    assumeTrue(Files.isExecutable(PYTHON), "no Python with numpy");
    for (String name : List.of("gio/p5_r2.gio", "gio/split_r4.gio", "derived/be_r2.gio")) {
      Path target = folder.resolve(name.replaceAll(".*/", ""));
      try (GenericIOFile file = GenericIOFile.open(FOLDER.resolve(name))) {
        split(file, target);
      }
      Process check =
          new ProcessBuilder(
                  PYTHON.toString(),
                  "-B",
                  CHECKER.toString(),
                  target.toString(),
                  ReferenceFiles.expectedOf(name).toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(check.waitFor()).as(said).isZero();
    }
  }

  /** Copies a file of either byte order as one rank a part. */
  private static void split(GenericIOFile file, Path target) throws IOException {
    int ranks = file.ranks().size();
    int[] parts = new int[ranks];
    for (int rank = 0; rank < ranks; rank++) {
      parts[rank] = 10 + rank;
      RankBlock block = file.ranks().get(rank);
      try (GenericIOWriter writer =
          GenericIOWriter.create(SplitFiles.part(target, parts[rank]), false, layoutOf(file), 1)) {
        writer.rank(block.number(), block.coords(), block.rows());
        for (Variable variable : file.variables()) {
          ByteBuffer rows = file.read(rank, variable.name());
          writer.column(
              ReferenceFiles.littleEndian(rows, rows.order(), variable.elementType().size()));
        }
        writer.commit();
      }
    }
    SplitFiles.writeMap(target, false, parts);
  }

  @Test
  void fileAppearsWithTheCommit() throws IOException {
    Path target = Files.writeString(folder.resolve("file.gio"), "old");
    FileLayout layout = FileLayout.of(List.of(Variable.of("x", ElementType.INT8, 1)), 1);
    try (GenericIOWriter writer = GenericIOWriter.create(target, true, layout, 1)) {
      writer.rank(0, 2).column(ByteBuffer.wrap(new byte[] {1, 2}));
      assertThat(target).hasContent("old");
    }
    assertThat(target).hasContent("old");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(target);
    }
    try (GenericIOWriter writer = GenericIOWriter.create(target, false, layout, 1)) {
      writer.rank(0, 0).column(ByteBuffer.allocate(0));
      assertThatThrownBy(writer::commit).isInstanceOf(FileAlreadyExistsException.class);
    }
    try (GenericIOWriter writer = GenericIOWriter.create(target, true, layout, 1)) {
      writer.rank(0, 2).begin();
      writer.write(ByteBuffer.wrap(new byte[] {1}));
      writer.write(ByteBuffer.wrap(new byte[] {2}));
      writer.commit();
    }
    try (GenericIOFile file = GenericIOFile.open(target)) {
      assertThat(file.read(0, "x")).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
    }
  }

  @Test
  void incompleteFilesAreNotCommitted() throws IOException {
    FileLayout layout = FileLayout.of(List.of(Variable.of("x", ElementType.INT8, 1)), 2);
    try (GenericIOWriter writer =
        GenericIOWriter.create(folder.resolve("file.gio"), true, layout, 2)) {
      writer.rank(0, 2);
      assertRefused(() -> writer.column(ByteBuffer.allocate(1)));
      assertRefused(() -> writer.rank(1, 2));
      writer.begin();
      writer.write(ByteBuffer.allocate(1));
      assertRefused(() -> writer.write(ByteBuffer.allocate(2)));
      assertRefused(writer::begin);
      writer.write(ByteBuffer.allocate(1));
      assertRefused(writer::begin);
      assertRefused(writer::commit);
      writer.rank(1, 0);
      assertRefused(writer::commit);
      writer.begin();
      assertRefused(() -> writer.rank(2, 0));
      writer.commit();
      assertRefused(writer::commit);
    }
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call).hasMessageStartingWith("[HANDLE_STATE] ");
  }

  @Test
  void namesOfColumnsAreChecked() {
    for (String name : List.of("", "n".repeat(257), "ü".repeat(129), "a\0")) {
      assertThatThrownBy(() -> Variable.of(name, ElementType.INT8, 1))
          .hasMessageStartingWith("[COLUMN_NAME] ");
    }
    Variable x = Variable.of("x", ElementType.INT8, 1);
    assertThatThrownBy(() -> FileLayout.of(List.of(x, x), 1))
        .hasMessageStartingWith("[COLUMN_NAME] ");
    assertThatThrownBy(() -> Variable.of("x", ElementType.COMPLEX64, 1))
        .hasMessageStartingWith("[DTYPE_UNSUPPORTED] ");
  }

  @Test
  void partsAreToldByTheirNumbersAlone() throws IOException {
    Path file = folder.resolve("z[1]*.gio");
    assertThat(SplitFiles.firstFree(file)).isZero();
    for (String name :
        List.of("z[1]*.gio#3", "z[1]*.gio#12", "z[1]*.gio#old", "z[1]*.gio#007", "z1.gio#4")) {
      Files.createFile(folder.resolve(name));
    }
    assertThat(SplitFiles.parts(file)).containsExactly(3, 12);
    assertThat(SplitFiles.firstFree(file)).isEqualTo(13);
    SplitFiles.removeParts(file, List.of(3, 12, 13));
    assertThat(SplitFiles.parts(file)).isEmpty();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("z[1]*.gio#old", "z[1]*.gio#007", "z1.gio#4");
    }
    assertThat(SplitFiles.parts(folder.resolve("none").resolve("file"))).isEmpty();
  }
}
