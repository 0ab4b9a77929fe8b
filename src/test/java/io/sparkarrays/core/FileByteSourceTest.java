// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileByteSourceTest {

  private final byte[] content = new byte[(5 << 20) / 2];
  private Path file;

  @BeforeEach
  void write(@TempDir Path folder) throws IOException {
    new Random(1).nextBytes(content);
    file = Files.write(folder.resolve("bytes"), content);
  }

  @Test
  void fillsHeapAndDirectBuffersFromAnyPosition() throws IOException {
    try (FileByteSource source = FileByteSource.open(file)) {
      assertThat(source.size()).isEqualTo(content.length);
      assertThat(source.name()).isEqualTo(file.toString());
      for (boolean direct : new boolean[] {true, false}) {
        for (int at : new int[] {0, 1, 1 << 20, content.length}) {
          int length = content.length - at;
          ByteBuffer read =
              direct ? ByteBuffer.allocateDirect(length + 3) : ByteBuffer.allocate(length + 3);
          read.position(2).limit(length + 2);
          source.readFully(at, read);
          assertThat(read.position()).isEqualTo(length + 2);
          assertThat(read.limit()).isEqualTo(length + 2);
          assertThat(read.position(2)).isEqualTo(ByteBuffer.wrap(content, at, length));
        }
      }
    }
  }

  @Test
  void endBeforeTheBufferIsFullIsAnError() throws IOException {
    try (FileByteSource source = FileByteSource.open(file)) {
      assertThatThrownBy(() -> source.readFully(content.length - 3, ByteBuffer.allocate(8)))
          .isInstanceOfSatisfying(
              ArrayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_TRUNCATED))
          .hasMessageContaining("byte " + content.length)
          .hasMessageContaining("5 bytes too early");
    }
  }

  @Test
  void missingFileIsAnError() {
    assertThatThrownBy(() -> FileByteSource.open(file.resolveSibling("none")))
        .isInstanceOf(NoSuchFileException.class);
  }
}
