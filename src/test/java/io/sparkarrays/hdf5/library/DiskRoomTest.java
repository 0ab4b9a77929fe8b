// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a file is emptied: what is cut away nobody gets back. */
final class DiskRoomTest {

  private static final String CONTENT = "content";

  @TempDir private Path temp;

  private final AtomicInteger flushes = new AtomicInteger();

  /** In a message of the library. */
  private static ArrayException error(int number) {
    return new ArrayException(
        ErrorCode.HDF5_LIBRARY_FAILED,
        "file",
        "file write failed: file descriptor = 28, errno = " + number + ", error message = '...'",
        "");
  }

  private Path file() throws IOException {
    return Files.writeString(temp.resolve("new.h5"), CONTENT);
  }

  /** No space, no more of a user's quota; an interrupted network or device comes back. */
  @ParameterizedTest
  @CsvSource({"28, true", "122, true", "5, false", "116, false", "2, false"})
  void onlyForSpace(int number, boolean emptied) throws IOException {
    Path path = file();
    try (DiskRoom room = DiskRoom.ofNew(path)) {
      room.require(1);
      room.use(flushes::incrementAndGet, error(number));
    }
    assertThat(path).hasContent(emptied ? "" : CONTENT);
    assertThat(flushes).hasValue(emptied ? 1 : 0);
  }

  @Test
  void notWhatOthersMayHave() throws IOException {
    Path path = file();
    try (DiskRoom room = DiskRoom.ofNew(path)) {
      room.keep();
      room.use(flushes::incrementAndGet, error(28));
    }
    try (DiskRoom room = DiskRoom.ofOld(path)) {
      room.use(flushes::incrementAndGet, error(28));
    }
    assertThat(path).hasContent(CONTENT);
    assertThat(flushes).hasValue(2);
  }
}
