// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.npz;

import static io.sparkarrays.npz.NumpyArrays.FILES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import io.sparkarrays.npz.NumpyArrays.Expected;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that numpy wrote ({@code make_arrays.py}), and the same ones damaged. */
final class NpzFileTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"stored", "deflated", "wide", "prefixed"})
  void arraysAreThoseThatNumpyWrote(String name) throws IOException {
    Map<String, Expected> expected = NumpyArrays.expected();
    try (NpzFile file = NpzFile.open(FILES.resolve(name + ".npz"))) {
      assertThat(file.names()).containsExactlyElementsOf(expected.keySet());
      for (Map.Entry<String, Expected> entry : expected.entrySet()) {
        NpyArray array = file.array(entry.getKey());
        Expected is = entry.getValue();
        assertThat(array.shape()).as(array.toString()).isEqualTo(is.shape());
        assertThat(array.dtype()).as(array.toString()).isEqualTo(is.dtype());
        assertThat(array.isFortranOrder()).as(array.toString()).isEqualTo(is.fortran());
        assertThat(array.read()).as(array.toString()).isEqualTo(is.elements());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stored", "deflated"})
  void anyRangesOfRowsAreRead(String name) throws IOException {
    Random random = new Random(3);
    try (NpzFile file = NpzFile.open(FILES.resolve(name + ".npz"))) {
      for (Map.Entry<String, Expected> entry : NumpyArrays.expected().entrySet()) {
        NpyArray array = file.array(entry.getKey(), random.nextBoolean());
        int rowBytes = (int) array.rowBytes();
        for (int i = 0; i < 10; i++) {
          int from = random.nextInt((int) array.rows() + 1);
          int to = from + random.nextInt((int) array.rows() - from + 1);
          ByteBuffer rows = ByteBuffer.allocateDirect((to - from) * rowBytes);
          array.read(from, to, rows);
          assertThat(rows.flip())
              .as("%s, rows %d:%d", array, from, to)
              .isEqualTo(entry.getValue().elements().slice(from * rowBytes, rows.limit()));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"version 1", "version 2", "version 3", "python 2"})
  void everyVersionOfTheHeaderIsRead(String name) throws IOException {
    try (NpzFile file = NpzFile.open(FILES.resolve("versions.npz"))) {
      NpyArray array = file.array(name);
      assertThat(array.shape()).isEqualTo(Shape.of(2, 3));
      assertThat(array.dtype()).isEqualTo(Dtype.parse("int64"));
      long[] values = new long[6];
      array.read().asLongBuffer().get(values);
      assertThat(values).containsExactly(0, 1, 2, 3, 4, 5);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "text; <U2",
        "bytes; |S2",
        "time; <M8[s]",
        "record; [('a', '<f4'), ('b', '<i4', (3,))]",
        "object; |O"
      })
  void arraysOfOtherThanNumbersAreToldAndLeaveTheRestReadable(String name, String descr)
      throws IOException {
    try (NpzFile file = NpzFile.open(FILES.resolve("strange.npz"))) {
      NpyArray array = file.array(name);
      assertThat(array.isNumber()).isFalse();
      assertThat(array.descr()).isEqualTo(descr);
      assertThatThrownBy(array::dtype)
          .hasMessageStartingWith("[DTYPE_UNSUPPORTED] ")
          .hasMessageContaining("array '" + name + "'")
          .hasMessageContaining(descr);
      assertThat(file.array("plain").read().remaining()).isEqualTo(24);
    }
  }

  @Test
  void unknownArrayIsAnsweredWithTheNames() throws IOException {
    try (NpzFile file = NpzFile.open(FILES.resolve("versions.npz"))) {
      assertThatThrownBy(() -> file.array("none"))
          .hasMessageStartingWith("[COLUMN_UNKNOWN] ")
          .hasMessageContaining("[version 1, version 2, version 3, python 2]");
    }
  }

  private static void readAll(Path path) throws IOException {
    try (NpzFile file = NpzFile.open(path)) {
      for (String name : file.names()) {
        NpyArray array = file.array(name);
        if (array.isNumber()) {
          array.read();
        }
      }
    }
  }

  /** A change anywhere is refused in our words, or is in bytes that no value depends on. */
  @ParameterizedTest
  @ValueSource(strings = {"stored", "deflated", "wide"})
  void damageNeverGivesOtherValues(String name) throws IOException {
    byte[] whole = Files.readAllBytes(FILES.resolve(name + ".npz"));
    Map<String, Expected> expected = NumpyArrays.expected();
    Path path = folder.resolve("damaged.npz");
    Random random = new Random(5);
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(path, damaged);
      try (NpzFile file = NpzFile.open(path)) {
        for (String array : file.names()) {
          ByteBuffer elements = file.array(array).read();
          if (expected.containsKey(array)) {
            assertThat(elements).isEqualTo(expected.get(array).elements());
          }
        }
      } catch (ArrayException e) {
        refused++;
        assertThat(e).hasMessageContaining("damaged.npz");
      }
    }
    assertThat(refused).isGreaterThan(150);
  }

  @Test
  void truncatedFilesAreRefused() throws IOException {
    byte[] whole = Files.readAllBytes(FILES.resolve("stored.npz"));
    Path path = folder.resolve("cut.npz");
    for (int length = 0; length < whole.length; length += 97) {
      Files.write(path, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> readAll(path))
          .isInstanceOf(ArrayException.class)
          .hasMessageContaining("cut.npz");
    }
  }

  @Test
  void whatIsNoFileIsRefused() {
    assertThatThrownBy(() -> NpzFile.open(folder)).hasMessageStartingWith("[NOT_A_DATA_SET] ");
    assertThatThrownBy(() -> NpzFile.open(folder.resolve("none")))
        .hasMessageStartingWith("[PATH_NOT_FOUND] ");
  }

  @Test
  void namesInTheHeaderAreNotEvaluated() {
    for (String header :
        List.of("__import__('os')", "{'descr': f(), }", "{'a': ", "[".repeat(50), "'\\q'", "1 2")) {
      assertThatThrownBy(() -> PythonLiteral.parse(header))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
