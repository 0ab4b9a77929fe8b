// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import static io.sparkarrays.genericio.ReferenceFiles.FOLDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ArrayException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files give an error that names the fault, whatever the damage is; never rows. */
@Timeout(60)
final class DamagedFileTest {

  @TempDir private Path folder;

  private static void readAll(Path path) throws IOException {
    try (GenericIOFile file = GenericIOFile.open(path)) {
      for (int rank = 0; rank < file.ranks().size(); rank++) {
        for (Variable variable : file.variables()) {
          file.read(rank, variable.name());
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bad_magic, NOT_A_DATA_SET, begins with other bytes than HACC01L or HACC01B",
    "bad_empty, NOT_A_DATA_SET, it is empty",
    "bad_header_crc, CHECKSUM_DIFFERS, the CRC-64 of its header is not the one that is stored",
    "bad_crc_bytes, CHECKSUM_DIFFERS, 'rank 1, column ''e_u2'': the CRC-64 of these rows'",
    "bad_cut_data, FILE_TRUNCATED, 'rank 1, column ''d_i8'': its 32 bytes from byte'"
  })
  void faultIsNamed(String name, String code, String fault) {
    assertRefused(FOLDER.resolve("derived").resolve(name + ".gio"), code, fault);
  }

  private static void assertRefused(Path path, String code, String fault) {
    assertThatThrownBy(() -> readAll(path))
        .isInstanceOf(ArrayException.class)
        .hasMessageStartingWith("[" + code + "] " + path)
        .hasMessageContaining(fault);
  }

  /** Every byte of a file is under one CRC or another. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gio/all_r2.gio",
        "gio/blosc_lz4_r1.gio",
        "gio/blocks_r2.gio",
        "derived/be_r2.gio"
      })
  void anyChangedByteIsFound(String name) throws IOException {
    byte[] whole = Files.readAllBytes(FOLDER.resolve(name));
    Path path = folder.resolve("damaged.gio");
    Random random = new Random(9);
    for (int i = 0; i < 700; i++) {
      byte[] damaged = whole.clone();
      int at = i < 200 ? i : random.nextInt(whole.length);
      // The byte behind the magic's letters says nothing, but is under the header's CRC.
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(path, damaged);
      assertThatThrownBy(() -> readAll(path))
          .as("byte %d", at)
          .isInstanceOf(ArrayException.class)
          .hasMessageContaining("damaged.gio");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gio/p5_r2.gio", "gio/blosc_r2.gio"})
  void anyTruncationIsFound(String name) throws IOException {
    byte[] whole = Files.readAllBytes(FOLDER.resolve(name));
    Path path = folder.resolve("cut.gio");
    for (int length = 0; length < whole.length; length += 1 + whole.length / 400) {
      Files.write(path, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> readAll(path))
          .as("%d bytes", length)
          .isInstanceOf(ArrayException.class)
          .hasMessageContaining("cut.gio");
    }
  }

  /** Headers that lie, with a CRC that is right. */
  @Test
  void claimsOfAHeaderAreCheckedBeforeTheyAreFollowed() throws IOException {
    byte[] good = Files.readAllBytes(FOLDER.resolve("gio/blosc_r2.gio"));
    Path path = folder.resolve("lie.gio");
    int header = (int) ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong(8);
    Random random = new Random(4);
    long[] lies = {
      -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 62, 1L << 40, 1L << 31, 1 << 20, 7, 1, 0
    };
    for (int at = 16; at + 8 <= header; at += 8) {
      for (long lie : new long[] {lies[random.nextInt(lies.length)], lies[random.nextInt(9)]}) {
        byte[] lying = good.clone();
        ByteBuffer bytes = ByteBuffer.wrap(lying).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(at, lie);
        seal(bytes, header);
        Files.write(path, lying);
        // Many numbers harm nothing: names, flags, coordinates. What counts is the kind of failure.
        try {
          readAll(path);
        } catch (ArrayException e) {
          assertThat(e.code()).isNotNull();
        }
      }
    }
  }

  private static void seal(ByteBuffer bytes, int header) {
    Crc64 crc = new Crc64();
    crc.update(bytes.slice(0, header));
    bytes.putLong(header, crc.trailer());
  }

  private Path patched(String name, int at, String text) throws IOException {
    byte[] file = Files.readAllBytes(FOLDER.resolve(name));
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(at, text.getBytes(StandardCharsets.US_ASCII));
    seal(bytes, (int) bytes.getLong(8));
    return Files.write(folder.resolve("patched.gio"), file);
  }

  private static int blocksStart(String name) throws IOException {
    return (int)
        ByteBuffer.wrap(Files.readAllBytes(FOLDER.resolve(name)))
            .order(ByteOrder.LITTLE_ENDIAN)
            .getLong(160);
  }

  @Test
  void unknownFilterIsNamed() throws IOException {
    String name = "gio/blosc_r2.gio";
    Path path = patched(name, blocksStart(name), "SZ\0\0\0\0\0\0BLOSC");
    assertRefused(path, "UNSUPPORTED_FILTER", "passed through SZ, then BLOSC; only BLOSC");
  }

  @Test
  void twoColumnsOfOneNameAreRefused() throws IOException {
    assertRefused(
        patched("gio/p5_r2.gio", 168, "b_f8"), "COLUMN_NAME", "two columns are called 'b_f8'");
  }

  private Path copySplit() throws IOException {
    for (String part : List.of("", "#3", "#7")) {
      Files.copy(FOLDER.resolve("gio/split_r4.gio" + part), folder.resolve("split.gio" + part));
    }
    return folder.resolve("split.gio");
  }

  @Test
  void missingPartIsNamed() throws IOException {
    Path path = copySplit();
    Files.delete(folder.resolve("split.gio#7"));
    assertThatThrownBy(() -> readAll(path))
        .hasMessageStartingWith("[PART_MISSING] " + path + "#7: the rank map leads to this file");
  }

  @Test
  void partThatLacksARankIsNamed() throws IOException {
    Path path = copySplit();
    Files.delete(folder.resolve("split.gio#7"));
    Files.copy(folder.resolve("split.gio#3"), folder.resolve("split.gio#7"));
    assertThatThrownBy(() -> readAll(path))
        .hasMessageStartingWith("[PART_MISSING] " + path + "#")
        .hasMessageContaining("should be in this part and is not");
  }

  @Test
  void partsOfUnlikeColumnsAreRefused() throws IOException {
    Path path = copySplit();
    Path part = folder.resolve("split.gio#7");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(part)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(168, (byte) 'z');
    seal(bytes, (int) bytes.getLong(8));
    Files.write(part, bytes.array());
    assertThatThrownBy(() -> readAll(path)).hasMessageStartingWith("[PARTS_DIFFER] " + path + "#");
  }

  @Test
  void whatIsNoFileIsRefused() throws Exception {
    assertRefused(folder, "NOT_A_DATA_SET", "a folder or a special file");
    assertRefused(folder.resolve("none"), "PATH_NOT_FOUND", "there is no such file");
    Path pipe = folder.resolve("pipe");
    if (new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0) {
      assertRefused(pipe, "NOT_A_DATA_SET", "a folder or a special file");
    }
  }

  @Test
  void damageIsFoundAgain() throws IOException {
    try (GenericIOFile file = GenericIOFile.open(FOLDER.resolve("derived/bad_crc_bytes.gio"))) {
      ColumnReader reader = file.column(1, 4, true);
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> reader.read(0, 4, ByteBuffer.allocate(8)))
            .hasMessageStartingWith("[CHECKSUM_DIFFERS] ");
      }
      ByteBuffer unchecked = ByteBuffer.allocate(8);
      file.column(1, 4, false).read(0, 4, unchecked);
      assertThat(unchecked.hasRemaining()).isFalse();
    }
  }
}
