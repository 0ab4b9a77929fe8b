// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.reduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkarrays.core.ElementType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Statistics against sums in arithmetic of any precision. */
final class FrameStatisticsProperties {

  private final FrameStatistics statistics = new FrameStatistics();

  @Provide
  Arbitrary<long[]> longs() {
    Arbitrary<Long> any = Arbitraries.oneOf(Arbitraries.longs(), extremes());
    return any.array(long[].class).ofMinSize(0).ofMaxSize(40);
  }

  private static Arbitrary<Long> extremes() {
    return Arbitraries.of(Long.MIN_VALUE, Long.MAX_VALUE, -1L, 0L, 1L, 1L << 53);
  }

  /** Enough elements for several pieces and an incomplete one. */
  private static long[] repeated(long[] elements) {
    long[] all = new long[elements.length * 331];
    for (int i = 0; i < all.length; i++) {
      all[i] = elements[i % elements.length];
    }
    return all;
  }

  @Property(tries = 300)
  void sumsOfLongsAreExactAndRoundedOnce(@ForAll("longs") long[] elements) {
    long[] all = repeated(elements);
    BigInteger sum =
        Arrays.stream(all).mapToObj(BigInteger::valueOf).reduce(BigInteger.ZERO, BigInteger::add);
    assertThat(statistics.sum(ElementType.INT64, new HeldElements(all), all.length))
        .isEqualTo(sum.doubleValue());
  }

  @Property(tries = 300)
  void sumsOfUnsignedLongsAreExactAndRoundedOnce(@ForAll("longs") long[] elements) {
    long[] all = repeated(elements);
    BigInteger sum =
        Arrays.stream(all)
            .mapToObj(bits -> new BigInteger(Long.toUnsignedString(bits)))
            .reduce(BigInteger.ZERO, BigInteger::add);
    assertThat(statistics.sum(ElementType.UINT64, new HeldElements(all), all.length))
        .isEqualTo(sum.doubleValue());
  }

  @Property(tries = 200)
  void extremesOfLongs(@ForAll("longs") long[] elements) {
    if (elements.length > 0) {
      HeldElements held = new HeldElements(repeated(elements));
      int size = elements.length * 331;
      assertThat(statistics.integerExtreme(false, ElementType.INT64, held, size))
          .isEqualTo(LongStream.of(elements).min().getAsLong());
      assertThat(statistics.integerExtreme(true, ElementType.UINT64, held, size))
          .isEqualTo(
              LongStream.of(elements).boxed().max(Long::compareUnsigned).orElseThrow().longValue());
    }
  }

  @Property(tries = 200)
  void narrowIntegers(@ForAll short[] elements) {
    HeldElements held = new HeldElements(elements);
    long signed = 0;
    long unsigned = 0;
    for (short element : elements) {
      signed += element;
      unsigned += element & 0xffff;
    }
    assertThat(statistics.sum(ElementType.INT16, held, elements.length)).isEqualTo((double) signed);
    assertThat(statistics.sum(ElementType.UINT16, held, elements.length))
        .isEqualTo((double) unsigned);
  }

  @Property(tries = 200)
  void sumsAndDeviationsOfDoubles(
      @ForAll("finite") double[] elements, @ForAll("lengths") int size) {
    double[] all = new double[size];
    BigDecimal sum = BigDecimal.ZERO;
    double scale = 0;
    for (int i = 0; i < size; i++) {
      all[i] = elements[i % elements.length];
      sum = sum.add(new BigDecimal(all[i]));
      scale += Math.abs(all[i]);
    }
    HeldElements held = new HeldElements(all);
    assertThat(statistics.sum(ElementType.FLOAT64, held, size))
        .isCloseTo(sum.doubleValue(), within(1e-14 * scale));
    double mean = sum.doubleValue() / size;
    double variance = Arrays.stream(all).map(x -> (x - mean) * (x - mean)).sum() / size;
    assertThat(statistics.deviation(ElementType.FLOAT64, held, size))
        .isCloseTo(Math.sqrt(variance), within(1e-12 * scale / size));
  }

  @Provide
  Arbitrary<double[]> finite() {
    return Arbitraries.doubles()
        .between(-1e6, 1e6)
        .array(double[].class)
        .ofMinSize(1)
        .ofMaxSize(50);
  }

  @Provide
  Arbitrary<Integer> lengths() {
    return Arbitraries.integers().between(1, 3 * Pieces.LENGTH + 9);
  }

  /** NaN is the least and the greatest wherever it stands, as in numpy. */
  @Property(tries = 200)
  void notANumberWins(@ForAll("lengths") int size, @ForAll("lengths") int place) {
    float[] elements = new float[size];
    Arrays.fill(elements, 3);
    elements[place % size] = Float.NaN;
    HeldElements held = new HeldElements(elements);
    assertThat(statistics.extreme(true, ElementType.FLOAT32, held, size)).isNaN();
    assertThat(statistics.extreme(false, ElementType.FLOAT32, held, size)).isNaN();
    elements[place % size] = -7;
    assertThat(statistics.extreme(false, ElementType.FLOAT32, held, size)).isEqualTo(-7);
  }

  @Example
  void nothing() {
    HeldElements held = new HeldElements(new float[0]);
    assertThat(statistics.sum(ElementType.FLOAT32, held, 0)).isZero();
    assertThat(statistics.mean(ElementType.FLOAT32, held, 0)).isNaN();
    assertThat(statistics.deviation(ElementType.FLOAT32, held, 0)).isNaN();
  }

  @Example
  void unsignedToDoubleRoundsOnce() {
    for (long bits : new long[] {-1, Long.MIN_VALUE, Long.MIN_VALUE + 1025, 0xfffffffffffffbffL}) {
      double expected = new BigInteger(Long.toUnsignedString(bits)).doubleValue();
      assertThat(Pieces.unsigned(bits)).isEqualTo(expected);
    }
  }
}
