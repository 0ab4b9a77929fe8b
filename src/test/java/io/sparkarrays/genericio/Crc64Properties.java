// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.tukaani.xz.check.CRC64;

class Crc64Properties {

  @Example
  void knownValues() {
    Crc64 crc = new Crc64();
    assertThat(crc.getValue()).isZero();
    crc.update("123456789".getBytes(StandardCharsets.US_ASCII));
    assertThat(crc.getValue()).isEqualTo(0x995DC9BBDF1939FAL);
    // A block and its trailer together come to all ones.
    crc.update(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(crc.trailer()).flip());
    assertThat(crc.getValue()).isEqualTo(-1);
  }

  @Property(tries = 300)
  void equalsThatOfXz(
      @ForAll @IntRange(max = 20000) int size, @ForAll int seed, @ForAll boolean direct) {
    Random random = new Random(seed);
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    CRC64 xz = new CRC64();
    xz.update(bytes, 0, size);
    long expected = ByteBuffer.wrap(xz.finish()).order(ByteOrder.LITTLE_ENDIAN).getLong();
    Crc64 crc = new Crc64();
    int done = 0;
    while (done < size) {
      int piece = 1 + random.nextInt(size - done);
      ByteBuffer buffer =
          direct ? ByteBuffer.allocateDirect(piece) : ByteBuffer.allocate(piece + 3);
      if (random.nextInt(10) == 0) {
        crc.update(bytes[done++]);
        continue;
      }
      buffer.put(bytes, done, piece).flip();
      crc.update(buffer);
      assertThat(buffer.hasRemaining()).isFalse();
      done += piece;
    }
    assertThat(crc.getValue()).isEqualTo(expected);
  }
}
