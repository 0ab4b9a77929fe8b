// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.npz;

import static io.sparkarrays.npz.NumpyArrays.FILES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import io.sparkarrays.npz.NumpyArrays.Expected;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is, byte for byte, what {@code numpy.savez} writes. */
final class NpzWriterTest {

  @TempDir private Path folder;

  private static void writeAll(NpzWriter writer) throws IOException {
    for (Map.Entry<String, Expected> entry : NumpyArrays.expected().entrySet()) {
      Expected array = entry.getValue();
      if (!array.fortran()) {
        writer.add(entry.getKey(), array.dtype(), array.shape(), array.elements());
      }
    }
    writer.commit();
  }

  @Test
  void bytesAreThoseOfNumpy() throws IOException {
    Path path = folder.resolve("ours.npz");
    try (NpzWriter writer = NpzWriter.create(path, false)) {
      writeAll(writer);
    }
    assertThat(path).hasSameBinaryContentAs(FILES.resolve("c-order.npz"));
  }

  @Test
  void bytesOfLargeFilesAreThoseOfNumpy() throws IOException {
    Path path = folder.resolve("ours.npz");
    try (NpzWriter writer = NpzWriter.create(path, false, 0)) {
      writeAll(writer);
    }
    assertThat(path).hasSameBinaryContentAs(FILES.resolve("wide-c-order.npz"));
  }

  @Test
  void elementsMayComeInPortions() throws IOException {
    Path path = folder.resolve("portions.npz");
    Dtype dtype = Dtype.parse("uint8");
    byte[] elements = new byte[9 << 20];
    new Random(1).nextBytes(elements);
    try (NpzWriter writer = NpzWriter.create(path, false)) {
      writer.begin("a", dtype, Shape.of(elements.length));
      for (int at = 0; at < elements.length; at += 1 << 20) {
        writer.write(ByteBuffer.wrap(elements, at, 1 << 20));
      }
      writer.end();
      writer.commit();
    }
    try (NpzFile file = NpzFile.open(path)) {
      assertThat(file.array("a").read()).isEqualTo(ByteBuffer.wrap(elements));
    }
  }

  @Test
  void nothingIsThereBeforeTheCommit() throws IOException {
    Path path = Files.writeString(folder.resolve("file.npz"), "old");
    try (NpzWriter writer = NpzWriter.create(path, true)) {
      writer.add("a", Dtype.parse("uint8"), Shape.of(1), ByteBuffer.allocate(1));
    }
    assertThat(path).hasContent("old");
    assertThat(folder).isDirectoryContaining(path::equals);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(path);
    }
    try (NpzWriter writer = NpzWriter.create(path, false)) {
      assertThatThrownBy(writer::commit).isInstanceOf(FileAlreadyExistsException.class);
    }
    try (NpzWriter writer = NpzWriter.create(path, true)) {
      writer.commit();
      assertThatThrownBy(writer::commit).hasMessageStartingWith("[HANDLE_STATE] ");
    }
    try (NpzFile file = NpzFile.open(path)) {
      assertThat(file.names()).isEmpty();
    }
  }

  @Test
  void wrongNumberOfBytesIsAnError() throws IOException {
    try (NpzWriter writer = NpzWriter.create(folder.resolve("file.npz"), true)) {
      writer.begin("a", Dtype.parse("uint8"), Shape.of(2));
      writer.write(ByteBuffer.allocate(1));
      assertThatThrownBy(writer::end).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void namesMustDiffer() throws IOException {
    try (NpzWriter writer = NpzWriter.create(folder.resolve("file.npz"), true)) {
      writer.add("a", Dtype.parse("uint8"), Shape.of(), ByteBuffer.allocate(1));
      for (String name : new String[] {"a", "", "x\0"}) {
        assertThatThrownBy(
                () -> writer.add(name, Dtype.parse("int8"), Shape.of(), ByteBuffer.allocate(1)))
            .hasMessageStartingWith("[COLUMN_NAME] ");
      }
    }
  }
}
