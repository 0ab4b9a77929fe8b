// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.library.DatasetCreation;
import io.sparkarrays.hdf5.library.DatasetWriter;
import io.sparkarrays.spark.SmallDisk;
import io.sparkarrays.spark.TempFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
    try (DatasetWriter dataset = writer.createDataset("/data", creation)) {
      fill(dataset, 0);
    }
  }

  /** Nor does the process crash at its end, when the library closes what it has open. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsAddedToLeavesTheOldAsItWas(boolean live) throws IOException {
    try (SmallDisk disk = SmallDisk.mount(temp.resolve("disk"))) {
      Path path = disk.path().resolve("result.h5");
      Shape shape = Shape.of(FRAMES, FRAME);
      ValueType type = Hdf5WriterTest.plain(ElementType.UINT8);
      Hyperslab first = frame(0);
      byte[] old = new byte[FRAME];
      new Random(2).nextBytes(old);
      try (Hdf5Writer writer = Hdf5Writer.create(path)) {
        DatasetCreation creation = DatasetCreation.of(type, shape).chunk(Shape.of(1, FRAME));
        writer.createDataset("/old", creation.gzip(1)).write(first, ByteBuffer.wrap(old));
      }
      assertThatThrownBy(
              () -> {
                try (Hdf5Writer writer = live ? Hdf5Writer.openSwmr(path) : Hdf5Writer.open(path)) {
                  if (live) {
                    fill(writer.dataset("/old", type), 1);
                  } else {
                    fill(writer, true);
                  }
                }
              })
          .hasMessageContaining("[HDF5_LIBRARY_FAILED]")
          .hasMessageContaining("No space left on device");
      assertThat(TempFolder.names(disk.path())).containsExactly("result.h5");
      try (Hdf5File file = Hdf5File.open(path)) {
        ByteBuffer found = ByteBuffer.allocate(FRAME);
        file.dataset("/old").read(first, found);
        assertThat(found.array()).isEqualTo(old);
      }
      // The library finds that nobody has it open.
      try (Hdf5Writer writer = Hdf5Writer.open(path)) {
        assertThat(writer.exists("/old")).isTrue();
      }
    }
  }

  /** What others read, or could, is not cut away to make room for closing the file. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWasFlushedStays(boolean swmr) throws IOException {
    try (SmallDisk disk = SmallDisk.mount(temp.resolve("disk"))) {
      Path path = disk.path().resolve("result.h5");
      ValueType type = Hdf5WriterTest.plain(ElementType.UINT8);
      DatasetCreation creation = DatasetCreation.of(type, Shape.of(0, FRAME)).maxDims(-1, FRAME);
      int[] flushed = {0};
      assertThatThrownBy(
              () -> {
                try (Hdf5Writer writer = Hdf5Writer.create(path)) {
                  DatasetWriter data =
                      writer.createDataset("/data", creation.chunk(Shape.of(1, FRAME)));
                  if (swmr) {
                    writer.startSwmr();
                  }
                  for (int i = 0; i < FRAMES; i++) {
                    data.extend(i + 1, FRAME);
                    data.write(frame(i), Hdf5WriterTest.random(FRAME, i));
                    if (swmr) {
                      data.flush();
                    } else {
                      writer.flush();
                    }
                    flushed[0] = i + 1;
                  }
                }
              })
          .hasMessageContaining("No space left on device")
          .hasMessageNotContaining("\n");
      assertThat(flushed[0]).isGreaterThan(8);
      assertThat(TempFolder.names(disk.path())).containsExactly("result.h5");
      assertFrames(path, "/data", 0, flushed[0]);
      // The library finds that nobody has it open.
      try (Hdf5Writer writer = Hdf5Writer.open(path)) {
        assertThat(writer.exists("/data")).isTrue();
      }
    }
  }

  /** Frames are those of their numbers, as both readers read them. */
  private static void assertFrames(Path path, String dataset, int from, int to) throws IOException {
    for (DataReader reader : List.of(DataReader.JAVA, DataReader.LIBRARY)) {
      try (Hdf5File file = Hdf5File.open(path, reader)) {
        Dataset data = file.dataset(dataset);
        for (int i = from; i < to; i++) {
          ByteBuffer found = ByteBuffer.allocate(FRAME);
          data.read(frame(i), found);
          assertThat(found.array()).as("frame %d", i).isEqualTo(Hdf5WriterTest.bytes(FRAME, i));
        }
      }
    }
  }

  /**
   * A chunk of the old file that was written to stands elsewhere, in what is new in the file, and
   * more is written than the library could write at the end, whatever was freed for it.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWasWrittenAgainStays(boolean flush) throws IOException {
    try (SmallDisk disk = SmallDisk.mount(temp.resolve("disk"))) {
      Path path = disk.path().resolve("result.h5");
      ValueType type = Hdf5WriterTest.plain(ElementType.UINT8);
      // Of the most that a data set keeps in memory.
      DatasetCreation creation =
          DatasetCreation.of(type, Shape.of(4, FRAME)).chunk(Shape.of(4, FRAME)).gzip(1);
      try (Hdf5Writer writer = Hdf5Writer.create(path)) {
        DatasetWriter old = writer.createDataset("/old", creation);
        for (int i = 0; i < 4; i++) {
          old.write(frame(i), Hdf5WriterTest.random(FRAME, i));
        }
      }
      assertThatThrownBy(
              () -> {
                try (Hdf5Writer writer = Hdf5Writer.open(path)) {
                  DatasetWriter old = writer.dataset("/old", type);
                  old.write(frame(0), ByteBuffer.allocate(FRAME));
                  if (flush) {
                    writer.flush();
                  }
                  for (int i = 0; i < 12; i++) {
                    DatasetWriter data = writer.createDataset("/new" + i, creation);
                    data.write(frame(1), Hdf5WriterTest.random(FRAME, i));
                    data.write(frame(2), Hdf5WriterTest.random(FRAME, i));
                    data.write(frame(3), Hdf5WriterTest.random(FRAME, i));
                  }
                }
              })
          .hasMessageContaining("No space left on device")
          .hasMessageNotContaining("\n");
      assertThat(TempFolder.names(disk.path())).containsExactly("result.h5");
      assertFrames(path, "/old", 1, 4);
      try (Hdf5File file = Hdf5File.open(path)) {
        ByteBuffer found = ByteBuffer.allocate(FRAME);
        file.dataset("/old").read(frame(0), found);
        assertThat(found.array()).isEqualTo(new byte[FRAME]);
      }
      try (Hdf5Writer writer = Hdf5Writer.open(path)) {
        assertThat(writer.exists("/new0")).isTrue();
      }
    }
  }

  /** A process that is killed removes nothing. What is reserved is gone with it all the same. */
  @Test
  void reserveHasNoName() throws IOException {
    try (SmallDisk disk = SmallDisk.mount(temp.resolve("disk"))) {
      Path path = disk.path().resolve("result.h5");
      DatasetCreation creation =
          DatasetCreation.of(Hdf5WriterTest.plain(ElementType.UINT8), Shape.of(1, FRAME));
      Hdf5Writer.create(path).close();
      FileStore store = Files.getFileStore(disk.path());
      long free = store.getUsableSpace();
      try (Hdf5Writer writer = Hdf5Writer.open(path)) {
        assertThat(writer.exists("/data")).isFalse();
        // As long as nothing is changed nothing is reserved.
        assertThat(store.getUsableSpace()).isEqualTo(free);
        DatasetWriter data = writer.createDataset("/data", creation);
        assertThat(store.getUsableSpace()).isBetween(free - (2 << 20), free - (1 << 20));
        data.write(frame(0), Hdf5WriterTest.random(FRAME, 0));
        assertThat(store.getUsableSpace()).isLessThanOrEqualTo(free - (4 << 20));
        assertThat(TempFolder.names(disk.path())).containsExactly("result.h5");
      }
      assertThat(store.getUsableSpace()).isGreaterThan(free - (1 << 20));
      assertFrames(path, "/data", 0, 1);
    }
  }

  private static Hyperslab frame(int index) {
    return Hyperslab.of(new long[] {index, 0}, new long[] {1, FRAME});
  }

  private static void fill(DatasetWriter dataset, int from) {
    byte[] frame = new byte[FRAME];
    Random random = new Random(1);
    for (int i = from; i < FRAMES; i++) {
      random.nextBytes(frame);
      dataset.write(frame(i), ByteBuffer.wrap(frame));
    }
  }
}
