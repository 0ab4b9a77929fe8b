// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import static io.sparkarrays.hdf5.Hdf5WriterTest.INT32;
import static io.sparkarrays.hdf5.Hdf5WriterTest.plain;
import static io.sparkarrays.hdf5.Hdf5WriterTest.refused;
import static io.sparkarrays.hdf5.Hdf5WriterTest.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.library.DatasetCreation;
import io.sparkarrays.hdf5.library.DatasetWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are added to, read while they grow, replaced, and written by several threads. */
final class WrittenFileTest {

  @TempDir private Path temp;

  private Path path() {
    return temp.resolve("written.h5");
  }

  @AfterEach
  void nothingStaysOpen() {
    Hdf5WriterTest.assertNothingIsOpen();
  }

  @Test
  void addsToAFile() throws IOException {
    Hdf5Writer.create(path()).close();
    try (Hdf5Writer writer = Hdf5Writer.open(path())) {
      writer.createGroup("/g/h");
      writer.createGroup("/g");
      writer.createDataset("/d", DatasetCreation.of(INT32, Shape.of()));
      assertThat(writer.exists("/g/h")).isTrue();
      assertThat(writer.exists("/g/i/j")).isFalse();
      refused(
          ErrorCode.HDF5_OBJECT_EXISTS,
          () -> writer.createDataset("/d", DatasetCreation.of(INT32, Shape.of(3))),
          "/d");
      refused(ErrorCode.HDF5_OBJECT_EXISTS, () -> writer.createGroup("/d"), "/d");
      writer.delete("/g/h");
      assertThat(writer.exists("/g/h")).isFalse();
      try (DatasetWriter again = writer.dataset("/d", plain(ElementType.INT8))) {
        again.write(Hyperslab.all(Shape.of()), ByteBuffer.wrap(new byte[] {-3}));
      }
      refused(
          ErrorCode.HDF5_LIBRARY_FAILED, () -> writer.dataset("/none", INT32), "/none", "written");
      refused(
          ErrorCode.DTYPE_UNSUPPORTED,
          () ->
              writer.createDataset(
                  "/time",
                  DatasetCreation.of(
                      new ValueType.Time(false, false, ValueType.TimeUnit.DAY, 1), Shape.of())),
          "M8");
    }
    try (Hdf5File file = Hdf5File.open(path())) {
      assertThat(values(file, "/d")).containsExactly(-3L);
    }
    refused(ErrorCode.HDF5_LIBRARY_FAILED, () -> Hdf5Writer.open(temp.resolve("no.h5")), "no.h5");
  }

  @Test
  void aReaderSeesWhatIsFlushed() throws IOException {
    try (Hdf5Writer writer = Hdf5Writer.create(path())) {
      DatasetWriter dataset =
          writer.createDataset(
              "/live", DatasetCreation.of(INT32, Shape.of(0)).maxDims(-1).chunk(Shape.of(2)));
      writer.startSwmr();
      try (Hdf5File file = Hdf5File.open(path())) {
        assertThat(file.status()).isEqualTo(WriterStatus.OPEN_FOR_SWMR);
        Dataset reader = file.dataset("/live");
        for (int i = 0; i < 5; i++) {
          dataset.extend(i + 1);
          dataset.write(
              Hyperslab.of(new long[] {i}, new long[] {1}),
              ByteBuffer.wrap(new byte[] {(byte) i, 0, 0, 0}));
          dataset.flush();
          reader.refresh();
          assertThat(reader.shape()).isEqualTo(Shape.of(i + 1));
          assertThat(reader.values(Hyperslab.all(reader.shape()))).last().isEqualTo((long) i);
        }
      }
    }
    try (Hdf5Writer again = Hdf5Writer.openSwmr(path());
        DatasetWriter dataset = again.dataset("/live", INT32)) {
      dataset.extend(6);
      again.flush();
      try (Hdf5File file = Hdf5File.open(path())) {
        assertThat(file.status()).isEqualTo(WriterStatus.OPEN_FOR_SWMR);
        assertThat(file.dataset("/live").shape()).isEqualTo(Shape.of(6));
      }
    }
  }

  @Test
  void replacesAFileAsAWhole() throws IOException {
    Files.writeString(path(), "old");
    assertThatThrownBy(
            () ->
                Hdf5Writer.replace(
                    path(),
                    writer -> {
                      writer.createGroup("/half");
                      throw new IOException("stopped");
                    }))
        .hasMessage("stopped");
    assertThat(path()).hasContent("old");
    Hdf5Writer.replace(
        path(),
        writer -> {
          assertThat(writer.path()).isEqualTo(path());
          writer.createGroup("/whole");
        });
    try (Hdf5File file = Hdf5File.open(path());
        Stream<Path> all = Files.list(temp)) {
      assertThat(file.root().names()).containsExactly("whole");
      assertThat(all).containsExactly(path());
    }
  }

  @Test
  void threadsWriteAtTheSameTime() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try (Hdf5Writer writer = Hdf5Writer.create(path())) {
      List<Future<?>> tasks =
          Stream.iterate(0, i -> i < 8, i -> i + 1)
              .<Future<?>>map(
                  i ->
                      pool.submit(
                          () -> {
                            Shape shape = Shape.of(100, 100);
                            try (DatasetWriter dataset =
                                writer.createDataset("/t/" + i, DatasetCreation.of(INT32, shape))) {
                              dataset.write(Hyperslab.all(shape), Hdf5WriterTest.random(40_000, i));
                            }
                            return null;
                          }))
              .toList();
      for (Future<?> task : tasks) {
        task.get();
      }
    } finally {
      pool.shutdownNow();
    }
    try (Hdf5File file = Hdf5File.open(path())) {
      for (int i = 0; i < 8; i++) {
        assertThat(Hdf5WriterTest.read(file.dataset("/t/" + i)))
            .isEqualTo(Hdf5WriterTest.bytes(40_000, i));
      }
    }
  }
}
