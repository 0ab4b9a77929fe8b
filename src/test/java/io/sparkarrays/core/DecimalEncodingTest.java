// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Decimals, the one Spark type that holds all of uint64. */
class DecimalEncodingTest {

  @Property(tries = 300)
  void decimalsThatAreWholeAreTakenAsWholeNumbersAre(@ForAll Random random) throws Exception {
    long value = random.nextBoolean() ? random.nextLong() >> random.nextInt(64) : random.nextLong();
    for (ElementType type : ElementType.values()) {
      if (type.kind() == 'f' || type.kind() == 'c') {
        continue;
      }
      ByteBuffer expected = ByteBuffer.allocate(type.size());
      ByteBuffer actual = ByteBuffer.allocate(type.size());
      BigDecimal[] decimal = {BigDecimal.valueOf(value).setScale(random.nextInt(3))};
      Throwable refused =
          catchThrowable(
              () -> ElementEncoder.of(Dtype.of(type)).put(new long[] {value}, 0, 1, expected));
      if (refused != null) {
        assertThatThrownBy(() -> ElementEncoder.of(Dtype.of(type)).put(decimal, 0, 1, actual))
            .isInstanceOf(ElementOutOfRangeException.class);
      } else {
        ElementEncoder.of(Dtype.of(type)).put(decimal, 0, 1, actual);
        assertThat(actual.flip()).isEqualTo(expected.flip());
      }
    }
  }

  @Test
  void decimalsReachAllOfUint64() throws Exception {
    ElementEncoder encoder = ElementEncoder.of(Dtype.parse(">u8"));
    ByteBuffer out = ByteBuffer.allocate(16);
    BigDecimal most = new BigDecimal(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE));
    encoder.put(new BigDecimal[] {most, BigDecimal.TEN}, 0, 2, out);
    assertThat(out.flip().getLong()).isEqualTo(-1);
    assertThat(out.getLong()).isEqualTo(10);
    for (String wrong : List.of("18446744073709551616", "-1", "0.5")) {
      assertThatThrownBy(
              () -> encoder.put(new BigDecimal[] {new BigDecimal(wrong)}, 0, 1, out.clear()))
          .isInstanceOf(ElementOutOfRangeException.class)
          .hasMessageContaining("element 0 is " + wrong);
    }
    ByteBuffer half = ByteBuffer.allocate(4);
    ElementEncoder.of(Dtype.parse(">f4")).put(new BigDecimal[] {new BigDecimal("0.5")}, 0, 1, half);
    assertThat(half.flip().getFloat()).isEqualTo(0.5f);
  }
}
