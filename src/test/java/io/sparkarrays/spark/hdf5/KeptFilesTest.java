// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.spark.options.ReadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a file between tasks, and when it is not. */
class KeptFilesTest {

  private static final Path FILES = Path.of("src/test/resources/hdf5/cases");
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
