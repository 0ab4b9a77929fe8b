// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.library.DatasetCreation;
import io.sparkarrays.hdf5.library.DatasetWriter;
import io.sparkarrays.spark.SmallDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A file that does not fit on its disk: an error, and neither its space nor its name stay taken.
 */
@EnabledOnOs(OS.LINUX)
final class FullDiskTest {

  private static final int FRAME = 1 << 18;
  private static final int FRAMES = 64;

  @TempDir private Path temp;

  /** With chunks the library still has some of them in memory when it is to close the file. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatDoesNotFitIsNotThere(boolean chunks) throws IOException {
    try (SmallDisk disk = SmallDisk.mount(temp.resolve("disk"))) {
      Path target = disk.path().resolve("result.h5");
      Files.writeString(target, "old");
      for (int attempt = 0; attempt < 3; attempt++) {
        assertThatThrownBy(() -> Hdf5Writer.replace(target, writer -> fill(writer, chunks)))
            .hasMessageContaining("[HDF5_LIBRARY_FAILED]")
            .hasMessageContaining("No space left on device")
            .hasMessageNotContaining("\n");
        assertThat(target).hasContent("old");
        try (Stream<Path> files = Files.list(disk.path())) {
          assertThat(files).containsExactly(target);
        }
        assertThat(Files.getFileStore(disk.path()).getUsableSpace()).isGreaterThan(7 << 20);
      }
      Hdf5Writer.replace(target, writer -> writer.createGroup("/fits"));
      try (Hdf5File file = Hdf5File.open(target)) {
        assertThat(file.root().names()).containsExactly("fits");
      }
    }
  }

  private static void fill(Hdf5Writer writer, boolean chunks) {
    Shape shape = Shape.of(FRAMES, FRAME);
    DatasetCreation creation = DatasetCreation.of(Hdf5WriterTest.plain(ElementType.UINT8), shape);
    if (chunks) {
      creation = creation.chunk(Shape.of(1, FRAME)).gzip(1);
    }
    byte[] frame = new byte[FRAME];
    Random random = new Random(1);
    try (DatasetWriter dataset = writer.createDataset("/data", creation)) {
      for (int i = 0; i < FRAMES; i++) {
        random.nextBytes(frame);
        dataset.write(
            Hyperslab.of(new long[] {i, 0}, new long[] {1, FRAME}), ByteBuffer.wrap(frame));
      }
    }
  }
}
