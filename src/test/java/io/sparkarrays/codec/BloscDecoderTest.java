// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xerial.snappy.Snappy;

/** Frames that c-blosc wrote ({@code make_frames.py}), and the same ones damaged. */
final class BloscDecoderTest {

  private static final Path FRAMES = Path.of("src/test/resources/blosc");

  static List<String> frames() throws IOException {
    try (Stream<Path> files = Files.list(FRAMES)) {
      List<String> names =
          files
              .map(f -> f.getFileName().toString())
              .filter(f -> f.endsWith(".blosc"))
              .sorted()
              .toList();
      assertThat(names).hasSize(78);
      return names;
    }
  }

  /** What {@code make_frames.py} compressed. */
  private static byte[] content(int size, int count) {
    byte[] bytes = new byte[size * count];
    for (int i = 0; i < count; i++) {
      long value = (long) i * i / 7 + 3L * i;
      if (i >= count / 3 && i < count / 3 + Math.min(count / 6, 1000)) {
        value = (value + 1) * 0x9E3779B97F4A7C15L;
      }
      for (int j = 0; j < size; j++) {
        bytes[i * size + j] = (byte) (value >>> (8 * (j % 8)));
      }
    }
    return bytes;
  }

  private static byte[] expected(String frame) {
    String[] parts = frame.split("[-.]");
    return content(Integer.parseInt(parts[2]), Integer.parseInt(parts[3]));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void decodesWhatBloscWrote(String name) throws IOException {
    byte[] frame = Files.readAllBytes(FRAMES.resolve(name));
    byte[] expected = expected(name);
    BloscDecoder decoder = new BloscDecoder();
    ByteBuffer target = ByteBuffer.allocate(expected.length);
    decoder.decode(ByteBuffer.wrap(frame), target);
    assertThat(target.hasRemaining()).isFalse();
    assertThat(target.array()).isEqualTo(expected);
    // The same from memory outside the heap, by a decoder that has been used.
    ByteBuffer source = ByteBuffer.allocateDirect(frame.length).put(frame).flip();
    decoder.decode(source, target.clear());
    assertThat(source.hasRemaining()).isFalse();
    assertThat(target.array()).isEqualTo(expected);
  }

  @Test
  void decodesSnappy() throws IOException {
    byte[] content = content(4, 500);
    byte[] block = Snappy.compress(content);
    ByteBuffer frame = ByteBuffer.allocate(24 + block.length).order(ByteOrder.LITTLE_ENDIAN);
    frame.put(new byte[] {2, 1, 2 << 5 | 16, 4}).putInt(content.length).putInt(content.length);
    frame.putInt(frame.capacity()).putInt(20).putInt(block.length).put(block).flip();
    ByteBuffer target = ByteBuffer.allocate(content.length);
    new BloscDecoder().decode(frame, target);
    assertThat(target.array()).isEqualTo(content);
  }

  /** Any change of any byte gives the right length of bytes, or the exception; never another. */
  @ParameterizedTest
  @ValueSource(strings = {"blosclz-byte-4-3001-4096", "lz4-byte-2-2500-2048", "zstd-bit-8-800-0"})
  void damageIsRefusedOrHarmless(String name) throws IOException {
    byte[] frame = Files.readAllBytes(FRAMES.resolve(name + ".blosc"));
    BloscDecoder decoder = new BloscDecoder();
    ByteBuffer target = ByteBuffer.allocate(expected(name).length);
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] damaged = frame.clone();
      int at = i < 64 ? i % 32 : random.nextInt(frame.length);
      damaged[at] ^= (byte) (1 + random.nextInt(255));
      try {
        decoder.decode(ByteBuffer.wrap(damaged), target.clear());
      } catch (DecodeException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void truncationIsRefused() throws IOException {
    byte[] frame = Files.readAllBytes(FRAMES.resolve("blosclz-byte-4-3001-4096.blosc"));
    ByteBuffer target = ByteBuffer.allocate(12004);
    for (int length = 0; length < frame.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(frame, 0, length);
      assertThatThrownBy(() -> new BloscDecoder().decode(cut, target.clear()))
          .isInstanceOf(DecodeException.class);
    }
  }

  @Test
  void otherSizeThanDueIsRefused() throws IOException {
    ByteBuffer frame =
        ByteBuffer.wrap(Files.readAllBytes(FRAMES.resolve("lz4-byte-4-3001-4096.blosc")));
    assertThatThrownBy(() -> new BloscDecoder().decode(frame, ByteBuffer.allocate(12000)))
        .isInstanceOf(DecodeException.class)
        .hasMessage("the Blosc frame holds 12004 bytes, 12000 are due");
  }

  @Test
  void laterVersionsAreRefusedByNumber() {
    byte[] frame = new byte[64];
    frame[0] = 5;
    assertThatThrownBy(
            () -> new BloscDecoder().decode(ByteBuffer.wrap(frame), ByteBuffer.allocate(1)))
        .isInstanceOf(DecodeException.class)
        .hasMessage("the Blosc frame is of version 5; version 2 can be read");
  }
}
