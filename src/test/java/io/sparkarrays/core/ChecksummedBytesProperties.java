// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ChecksummedBytesProperties {

  private static final class Source implements ChecksummedBytes.Reader {
    private final byte[] bytes;
    private long read;

    Source(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public void read(long at, ByteBuffer target) {
      read += target.remaining();
      target.put(bytes, (int) at, target.remaining());
    }
  }

  private static byte[] random(Random random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  private static ChecksummedBytes over(Source source, byte[] written) {
    CRC32 crc = new CRC32();
    crc.update(written);
    return new ChecksummedBytes(
        written.length,
        source,
        new CRC32(),
        crc.getValue(),
        () -> new ArrayException(ErrorCode.CHECKSUM_DIFFERS, "bytes", "changed", "Write again"));
  }

  @Property(tries = 300)
  void anyReadsGiveTheBytes(
      @ForAll @IntRange(max = 1000) int size, @ForAll int seed, @ForAll boolean direct)
      throws IOException {
    Random random = new Random(seed);
    byte[] bytes = random(random, size);
    ChecksummedBytes checked = over(new Source(bytes), bytes);
    for (int i = 0; i < 20; i++) {
      int from = random.nextInt(size + 1);
      int length = random.nextInt(size - from + 1);
      ByteBuffer target = direct ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
      checked.read(from, target);
      assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(bytes, from, length));
    }
  }

  @Property(tries = 300)
  void changedByteIsFoundByWhoeverReadsToTheEndOrJumps(
      @ForAll @IntRange(min = 2, max = 1000) int size, @ForAll int seed) {
    Random random = new Random(seed);
    byte[] bytes = random(random, size);
    byte[] changed = bytes.clone();
    changed[random.nextInt(size)] ^= 16;
    int step = 1 + random.nextInt(size);
    ChecksummedBytes inOrder = over(new Source(changed), bytes);
    assertThatThrownBy(
            () -> {
              for (int at = 0; at < size; at += step) {
                inOrder.read(at, ByteBuffer.allocate(Math.min(step, size - at)));
              }
            })
        .hasMessageStartingWith("[CHECKSUM_DIFFERS]");
    assertThatThrownBy(() -> inOrder.read(1, ByteBuffer.allocate(1)))
        .as("also the next time")
        .hasMessageStartingWith("[CHECKSUM_DIFFERS]");
    int from = 1 + random.nextInt(size - 1);
    ByteBuffer target = ByteBuffer.allocate(size - from);
    assertThatThrownBy(() -> over(new Source(changed), bytes).read(from, target))
        .hasMessageStartingWith("[CHECKSUM_DIFFERS]");
    assertThat(target.position()).as("bytes given away").isZero();
  }

  @Example
  void readingInOrderReadsNothingTwice() throws IOException {
    byte[] bytes = random(new Random(1), 1000);
    Source source = new Source(bytes);
    ChecksummedBytes checked = over(source, bytes);
    for (int at = 0; at < 1000; at += 100) {
      checked.read(at, ByteBuffer.allocate(100));
    }
    assertThat(source.read).isEqualTo(1000);
  }

  @Example
  void checksumOfNoBytesIsCheckedToo() {
    ChecksummedBytes wrong =
        new ChecksummedBytes(
            0,
            new Source(new byte[0]),
            new CRC32(),
            1,
            () ->
                new ArrayException(ErrorCode.CHECKSUM_DIFFERS, "bytes", "changed", "Write again"));
    assertThatThrownBy(() -> wrong.read(0, ByteBuffer.allocate(0)))
        .hasMessageStartingWith("[CHECKSUM_DIFFERS]");
    assertThatThrownBy(wrong::check).hasMessageStartingWith("[CHECKSUM_DIFFERS]");
  }
}
