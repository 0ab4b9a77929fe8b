// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.ValueTypes;
import io.sparkarrays.hdf5.virtual.VirtualPlan;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FrameColumn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of a file between tasks, and when it is not. */
class KeptFilesTest {

  private static final Path FILES = Path.of("src/test/resources/hdf5/cases");
  private static final Path EIGER = Path.of("src/test/resources/vds/eiger_use_case");
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

  @TempDir Path folder;

  private Path copy(String name, FileTime modified) throws IOException {
    Path file = folder.resolve("file.h5");
    Files.copy(FILES.resolve(name), file, StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(file, modified);
    return file;
  }

  private static Dataset dataset(Path file, String path) throws IOException {
    try (KeptFiles.Use use =
        KeptFiles.open(file.toString(), FileAccess.of(ReadOptions.of(Map.of("path", "/data"))))) {
      return use.dataset(path);
    }
  }

  @Test
  void headersOfAFileThatStaysAreReadOnce() throws IOException {
    Path file = copy("storage_basic_latest.h5", LONG_AGO);
    assertThat(dataset(file, "/contiguous")).isSameAs(dataset(file, "/contiguous"));
  }

  @Test
  void anotherFileOfTheNameIsAnother() throws IOException {
    Path file = copy("storage_basic_latest.h5", LONG_AGO);
    Dataset before = dataset(file, "/contiguous");
    Files.delete(file);
    copy("storage_basic_v110.h5", LONG_AGO);
    assertThat(dataset(file, "/contiguous")).isNotSameAs(before);
  }

  @Test
  void aFileThatWasWrittenIsAnother() throws IOException {
    Path file = copy("storage_basic_latest.h5", LONG_AGO);
    Dataset before = dataset(file, "/contiguous");
    Files.setLastModifiedTime(file, FileTime.from(LONG_AGO.toInstant().plusSeconds(1)));
    assertThat(dataset(file, "/contiguous")).isNotSameAs(before);
  }

  @Test
  void aFileThatWasJustWrittenMayChangeUnseen() throws IOException {
    Path file = copy("storage_basic_latest.h5", FileTime.from(Instant.now()));
    assertThat(dataset(file, "/contiguous")).isNotSameAs(dataset(file, "/contiguous"));
  }

  @Test
  void aFileThatIsOpenForWritingIsNotKept() throws IOException {
    Path file = copy("swmr_open_latest.h5", LONG_AGO);
    try (KeptFiles.Use use =
        KeptFiles.open(file.toString(), FileAccess.of(ReadOptions.of(Map.of("path", "/data"))))) {
      String path = "/" + use.file().root().names().iterator().next();
      assertThat(dataset(file, path)).isNotSameAs(dataset(file, path));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void noFileStaysOpen() throws IOException {
    Path file = copy("storage_basic_latest.h5", LONG_AGO);
    try (KeptFiles.Use use =
        KeptFiles.open(file.toString(), FileAccess.of(ReadOptions.of(Map.of("path", "/data"))))) {
      use.dataset("/contiguous");
      assertThat(open()).contains(file.toRealPath().toString());
      try (KeptFiles.Use other =
          KeptFiles.open(file.toString(), FileAccess.of(ReadOptions.of(Map.of("path", "/data"))))) {
        other.dataset("/contiguous");
      }
      assertThat(open()).contains(file.toRealPath().toString());
    }
    assertThat(open()).doesNotContain(file.toRealPath().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"any", "below"})
  void sourcesOfVirtualDataSetsAreKeptUnlessTheirFoldersMatter(String sources) throws IOException {
    try (Stream<Path> files = Files.list(EIGER)) {
      for (Path file : files.toList()) {
        Path copy = Files.copy(file, folder.resolve(file.getFileName()));
        Files.setLastModifiedTime(copy, LONG_AGO);
      }
    }
    Path master = folder.resolve("eiger_vds.h5");
    FileAccess access = FileAccess.of(ReadOptions.of(Map.of("path", "/data", "sources", sources)));
    Set<Dataset> seen = new HashSet<>();
    for (int task = 0; task < 2; task++) {
      VirtualPlan plan;
      try (Hdf5File file = Hdf5File.open(master)) {
        plan = file.dataset("data").plan().orElseThrow();
      }
      Path source = folder.resolve(plan.parts().get(0).file());
      int frame = (int) (plan.shape().size() / plan.shape().dim(0)) * plan.datatype().size();
      FrameColumn column =
          new FrameColumn(
              "data",
              ValueTypes.of(plan.datatype()),
              plan.shape().slice(1, plan.shape().rank()),
              "data");
      try (VirtualFrames frames = VirtualFrames.of(plan, column, access)) {
        frames.read(0, 1, Hyperslab.all(column.frame()), ByteBuffer.allocate(frame));
      }
      try (KeptFiles.Use use = KeptFiles.open(source.toString(), access)) {
        seen.addAll(use.sourceDatasets().values());
      }
    }
    assertThat(seen).hasSize(sources.equals("any") ? 1 : 0);
  }

  private static List<String> open() throws IOException {
    try (Stream<Path> handles = Files.list(Path.of("/proc/self/fd"))) {
      return handles.map(KeptFilesTest::target).toList();
    }
  }

  /** Handles come and go while they are listed. */
  private static String target(Path handle) {
    try {
      return Files.readSymbolicLink(handle).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
