// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BloscEncoderProperties {

  @Property(tries = 200)
  void framesAreSmallerAndGoRound(
      @ForAll @IntRange(min = 1, max = 300) int size,
      @ForAll @IntRange(max = 200_000) int elements,
      @ForAll @IntRange(min = 1, max = 300) int period,
      @ForAll long seed)
      throws IOException {
    byte[] content = new byte[Math.min(1 << 20, size * elements) / size * size];
    Random random = new Random(seed);
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i % period == 0 ? random.nextInt() : i / period);
    }
    ByteBuffer source = ByteBuffer.wrap(content);
    ByteBuffer frame = BloscEncoder.create().encode(source, size);
    assertThat(source.position()).isZero();
    if (frame != null) {
      assertThat(frame.remaining()).isLessThanOrEqualTo(content.length);
      ByteBuffer target = ByteBuffer.allocate(content.length);
      new BloscDecoder().decode(frame, target);
      assertThat(target.array()).isEqualTo(content);
    }
  }

  @Example
  void compressesWhatCanBe() {
    assertThat(BloscEncoder.create().encode(ByteBuffer.allocate(1 << 20), 4).remaining())
        .isLessThan(10_000);
    byte[] noise = new byte[1 << 20];
    new Random(1).nextBytes(noise);
    assertThat(BloscEncoder.create().encode(ByteBuffer.wrap(noise), 4)).isNull();
    assertThat(BloscEncoder.create().encode(ByteBuffer.allocate(0), 4)).isNull();
  }
}
