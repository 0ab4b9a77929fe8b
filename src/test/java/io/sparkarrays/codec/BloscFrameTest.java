// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.FileByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames in files, read at any position. */
final class BloscFrameTest {

  private static final Path FRAMES = Path.of("src/test/resources/blosc");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "blosclz-byte-4-36000-16384",
        "lz4-byte-4-36000-16384",
        "zstd-bit-4-3001-4096",
        "blosclz-none-1-300-0",
        "lz4-none-4-0-0"
      })
  void anyRangeIsThatOfTheWholeFrame(String name) throws IOException {
    byte[] frame = Files.readAllBytes(FRAMES.resolve(name + ".blosc"));
    Path file = folder.resolve("file");
    Files.write(file, ByteBuffer.allocate(frame.length + 30).put(17, frame).array());
    try (FileByteSource source = FileByteSource.open(file)) {
      BloscFrame inFile = BloscFrame.open(source, 17, frame.length);
      ByteBuffer whole = ByteBuffer.allocate((int) inFile.size());
      new BloscDecoder().decode(ByteBuffer.wrap(frame), whole);
      Random random = new Random(1);
      for (int i = 0; i < 50; i++) {
        int from = random.nextInt(whole.capacity() + 1);
        ByteBuffer range = ByteBuffer.allocate(random.nextInt(whole.capacity() - from + 1));
        inFile.read(from, range);
        assertThat(range.flip()).isEqualTo(whole.slice(from, range.limit()));
      }
      assertThatThrownBy(() -> inFile.read(1, ByteBuffer.allocate(whole.capacity())))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  /** In a file, too, damage gives the exception or bytes of the right length. */
  @Test
  void damageIsRefusedOrHarmless() throws IOException {
    byte[] frame = Files.readAllBytes(FRAMES.resolve("blosclz-byte-4-36000-16384.blosc"));
    Random random = new Random(2);
    Path file = folder.resolve("file");
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] damaged = frame.clone();
      int at = i < 100 ? random.nextInt(32) : random.nextInt(frame.length);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      try (FileByteSource source = FileByteSource.open(file)) {
        BloscFrame inFile = BloscFrame.open(source, 0, damaged.length);
        inFile.read(0, ByteBuffer.allocate((int) Math.min(1 << 20, inFile.size())));
      } catch (DecodeException | ArrayException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }
}
