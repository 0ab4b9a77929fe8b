// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What is encoded, against the decoders, which h5py's files have proved. */
class CompressionProperties {

  private static final String[] ALL = {
    "gzip",
    "gzip:1",
    "lz4",
    "bitshuffle-lz4",
    "zstd",
    "zstd:10",
    "shuffle-gzip",
    "shuffle-lz4",
    "shuffle-zstd:1"
  };

  @Property(tries = 200)
  void comesBack(
      @ForAll @IntRange(min = 0, max = 8) int which,
      @ForAll @IntRange(min = 1, max = 17) int size,
      @ForAll @IntRange(min = 1, max = 5000) int count,
      @ForAll boolean noise,
      @ForAll int seed)
      throws Exception {
    byte[] chunk = content(size * count, noise, seed);
    check(ALL[which], size, chunk);
  }

  @Example
  void blocksAreMany() throws Exception {
    byte[] chunk = content(3_000_002, false, 1);
    byte[] noise = content(3_000_002, true, 2);
    for (String compression : ALL) {
      check(compression, 2, chunk);
      check(compression, 2, noise);
    }
  }

  @Example
  void wideElementsAreBytes() throws Exception {
    check("bitshuffle-lz4", 3000, content(9000, true, 3));
  }

  private static byte[] content(int length, boolean noise, int seed) {
    byte[] bytes = new byte[length];
    Random random = new Random(seed);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (noise ? random.nextInt() : random.nextInt(3) * (i % 2));
    }
    return bytes;
  }

  private static void check(String text, int size, byte[] chunk) throws Exception {
    Compression compression = Compression.parse(text);
    ChunkEncoder encoder = compression.encoder(size);
    // Longer than it is: the array of a chunk is used again for shorter ones.
    byte[] longer = Arrays.copyOf(chunk, chunk.length + 5);
    ByteBuffer stored = null;
    for (int again = 0; again < 2; again++) {
      stored = encoder.encode(longer, chunk.length);
    }
    ByteBuffer decoded = ByteBuffer.allocate(chunk.length);
    new FilterPipeline(compression.filters(size), "test").decode(stored, 0, decoded);
    assertThat(decoded.array()).isEqualTo(chunk);
  }

  @Example
  void namesAreThoseOfTheOption() {
    assertThat(Compression.parse("none")).isEqualTo(Compression.NONE);
    assertThat(Compression.parse(" GZIP ")).hasToString("gzip:4");
    assertThat(Compression.parse("shuffle-zstd:9")).hasToString("shuffle-zstd:9");
    assertThat(Compression.parse("bitshuffle-lz4")).hasToString("bitshuffle-lz4");
    for (String wrong :
        new String[] {
          "",
          "szip",
          "gzip:",
          "gzip:10",
          "gzip:0",
          "lz4:1",
          "shuffle-none",
          "shuffle-bitshuffle-lz4",
          "none:1",
          "zstd:x"
        }) {
      assertThatThrownBy(() -> Compression.parse(wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
