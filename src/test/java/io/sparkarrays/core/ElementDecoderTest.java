// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Bulk decoding against one element at a time. */
class ElementDecoderTest {

  @Provide
  Arbitrary<Dtype> dtypes() {
    return Arbitraries.of(ElementType.class)
        .flatMap(t -> Arbitraries.of(false, true).map(big -> new Dtype(t, big)));
  }

  @Property(tries = 200)
  void reversesByteOrder(
      @ForAll("dtypes") Dtype dtype,
      @ForAll @IntRange(max = 9000) int elements,
      @ForAll @IntRange(max = 5) int first,
      @ForAll Random random) {
    ByteBuffer source = random(random, elements * dtype.size());
    ByteBuffer memory = ByteBuffer.allocateDirect((first + elements) * dtype.size());

    ElementDecoder.littleEndian(dtype).decode(source.duplicate(), first, memory);

    int width = dtype.type().componentSize();
    for (int i = 0; i < elements * dtype.size(); i++) {
      int from = dtype.bigEndian() ? i / width * width + width - 1 - i % width : i;
      assertThat(memory.get(first * dtype.size() + i)).isEqualTo(source.get(from));
    }
  }

  @Property(tries = 200)
  void widens(
      @ForAll("dtypes") Dtype dtype,
      @ForAll @IntRange(max = 9000) int elements,
      @ForAll @IntRange(max = 5) int first,
      @ForAll Random random) {
    boolean wideable =
        switch (dtype.type()) {
          case UINT8, UINT16, UINT32, UINT64, FLOAT16 -> true;
          default -> false;
        };
    if (!wideable) {
      return;
    }
    ByteBuffer source = random(random, elements * dtype.size()).order(dtype.order());
    ByteBuffer memory =
        ByteBuffer.allocateDirect((first + elements) * 2 * dtype.size())
            .order(ByteOrder.LITTLE_ENDIAN);

    ByteBuffer consumed = source.duplicate();
    ElementDecoder.widening(dtype).decode(consumed, first, memory);

    assertThat(consumed.hasRemaining()).isFalse();
    for (int i = 0; i < elements; i++) {
      int at = (first + i) * 2 * dtype.size();
      switch (dtype.type()) {
        case UINT8 ->
            assertThat(memory.getShort(at)).isEqualTo((short) Byte.toUnsignedInt(source.get(i)));
        case UINT16 ->
            assertThat(memory.getInt(at)).isEqualTo(Short.toUnsignedInt(source.getShort(2 * i)));
        case UINT32 ->
            assertThat(memory.getLong(at)).isEqualTo(Integer.toUnsignedLong(source.getInt(4 * i)));
        case UINT64 -> {
          assertThat(memory.getLong(at)).isEqualTo(source.getLong(8 * i));
          assertThat(memory.getLong(at + 8)).isZero();
        }
        default ->
            assertThat(memory.getFloat(at))
                .isEqualTo(Float.valueOf(HalfTest.slowly(source.getShort(2 * i))));
      }
    }
  }

  @Property(tries = 300)
  void packsBitsAndKeepsThoseBefore(
      @ForAll @IntRange(max = 9000) int elements,
      @ForAll @IntRange(max = 17) int first,
      @ForAll Random random) {
    byte[] stored = new byte[elements];
    for (int i = 0; i < elements; i++) {
      stored[i] = (byte) (random.nextBoolean() ? 0 : random.nextInt(256));
    }
    ByteBuffer memory = random(random, (first + elements + 7) / 8);
    ByteBuffer before = ByteBuffer.allocate(memory.capacity()).put(0, memory, 0, memory.capacity());

    ElementDecoder.bits().decode(ByteBuffer.wrap(stored), first, memory);

    for (int i = 0; i < first; i++) {
      assertThat(bit(memory, i)).isEqualTo(bit(before, i));
    }
    for (int i = 0; i < elements; i++) {
      assertThat(bit(memory, first + i)).isEqualTo(stored[i] != 0);
    }
  }

  @Property(tries = 100)
  void partsComponents(
      @ForAll boolean wide,
      @ForAll boolean big,
      @ForAll @IntRange(max = 5000) int elements,
      @ForAll @IntRange(max = 5) int first,
      @ForAll Random random) {
    Dtype dtype = new Dtype(wide ? ElementType.COMPLEX128 : ElementType.COMPLEX64, big);
    int width = dtype.type().componentSize();
    ByteBuffer source = random(random, elements * dtype.size()).order(dtype.order());
    ByteBuffer re = ByteBuffer.allocateDirect((first + elements) * width);
    ByteBuffer im = ByteBuffer.allocateDirect((first + elements) * width);
    re.order(ByteOrder.LITTLE_ENDIAN);
    im.order(ByteOrder.LITTLE_ENDIAN);

    ElementDecoder.components(dtype).decode(source.duplicate().order(dtype.order()), first, re, im);

    for (int i = 0; i < elements; i++) {
      if (wide) {
        assertThat(re.getLong((first + i) * 8)).isEqualTo(source.getLong(16 * i));
        assertThat(im.getLong((first + i) * 8)).isEqualTo(source.getLong(16 * i + 8));
      } else {
        assertThat(re.getInt((first + i) * 4)).isEqualTo(source.getInt(8 * i));
        assertThat(im.getInt((first + i) * 4)).isEqualTo(source.getInt(8 * i + 4));
      }
    }
  }

  private static ByteBuffer random(Random random, int bytes) {
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    return ByteBuffer.allocateDirect(bytes).put(content).flip();
  }

  private static boolean bit(ByteBuffer memory, int index) {
    return (memory.get(index / 8) >> (index % 8) & 1) == 1;
  }
}
