// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast way back gives what the plain one does, and writes nothing outside. */
final class UnshufflerTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8, 12, 16})
  void agreesWithTheShuffle(int size) {
    Random random = new Random(size);
    Unshuffler unshuffler = new Unshuffler(size);
    for (int i = 0; i < 1000; i++) {
      int length = random.nextInt(size * 3000);
      byte[] source = new byte[length + 20];
      random.nextBytes(source);
      byte[] expected = new byte[length + 20];
      byte[] found = new byte[length + 20];
      Shuffle.unshuffleBytes(source, 3, expected, 7, length, size);
      unshuffler.bytes(source, 3, found, 7, length);
      assertThat(found).as("bytes, length %d", length).isEqualTo(expected);
      int groups = length / (8 * size) * 8 * size;
      Shuffle.unshuffleBits(source, 3, expected, 7, groups, size);
      unshuffler.bits(source, 3, found, 7, groups);
      assertThat(found).as("bits, length %d", groups).isEqualTo(expected);
    }
  }
}
