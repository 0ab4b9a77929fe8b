// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The shuffles against their definitions, a byte or a bit at a time. */
class ShuffleProperties {

  private static byte[] random(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Property(tries = 300)
  void bytesBySignificance(
      @ForAll @IntRange(min = 1, max = 33) int size,
      @ForAll @IntRange(max = 100) int count,
      @ForAll @IntRange(max = 7) int rest,
      @ForAll int seed) {
    int length = size * count + Math.min(rest, size - 1);
    byte[] plain = random(length + 3, seed);
    byte[] expected = new byte[length + 5];
    for (int i = 0; i < length; i++) {
      int at = i < size * count ? i % size * count + i / size : i;
      expected[5 + at] = plain[3 + i];
    }
    byte[] shuffled = new byte[length + 5];
    Shuffle.bytes(plain, 3, shuffled, 5, length, size);
    assertThat(shuffled).isEqualTo(expected);
    byte[] back = new byte[length + 3];
    System.arraycopy(plain, 0, back, 0, 3);
    Shuffle.unshuffleBytes(shuffled, 5, back, 3, length, size);
    assertThat(back).isEqualTo(plain);
  }

  @Property(tries = 300)
  void bitsBySignificance(
      @ForAll @IntRange(min = 1, max = 17) int size,
      @ForAll @IntRange(max = 40) int groups,
      @ForAll int seed) {
    int count = 8 * groups;
    byte[] shuffled = random(size * count + 1, seed);
    byte[] expected = new byte[size * count + 2];
    for (int i = 0; i < count; i++) {
      for (int bit = 0; bit < 8 * size; bit++) {
        int set = shuffled[1 + bit * groups + i / 8] >> i % 8 & 1;
        expected[2 + i * size + bit / 8] |= (byte) (set << bit % 8);
      }
    }
    byte[] plain = new byte[size * count + 2];
    Shuffle.unshuffleBits(shuffled, 1, plain, 2, size * count, size);
    assertThat(plain).isEqualTo(expected);
    byte[] again = new byte[size * count + 1];
    again[0] = shuffled[0];
    Shuffle.bits(plain, 2, again, 1, size * count, size, new byte[size * count]);
    assertThat(again).isEqualTo(shuffled);
  }
}
