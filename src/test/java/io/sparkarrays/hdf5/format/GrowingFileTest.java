// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FileByteSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that a writer makes longer between two looks at it. */
class GrowingFileTest {

  private static final Path FILE = Path.of("src/test/resources/vds/printf_blocks/master.h5");

  @TempDir private Path folder;

  @Test
  void whatWasAppendedIsInside() throws Exception {
    Path file = Files.copy(FILE, folder.resolve("live.h5"));
    long size = Files.size(file);
    try (ByteSource source = FileByteSource.open(file)) {
      Metadata metadata = Superblock.read(source).metadata();
      // The last block is known as it was.
      metadata.read(size - 8, 8, "chunk");
      Files.write(file, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, StandardOpenOption.APPEND);
      metadata.require(size, 8, "chunk");
      Fields fields = metadata.read(size - 8, 16, "chunk").skip(8);
      assertThat(fields.u32()).isEqualTo(0x04030201);
      assertThatThrownBy(() -> metadata.require(size, 9, "chunk"))
          .isInstanceOfSatisfying(
              ArrayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.HDF5_DAMAGED))
          .hasMessageContaining("the file's end at " + (size + 8));
    }
  }
}
