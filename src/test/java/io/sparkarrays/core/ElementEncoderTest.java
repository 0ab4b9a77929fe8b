// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What is written, read back one element at a time, and what is refused. */
class ElementEncoderTest {

  /** Values at the edges of the types, where a wrong comparison shows. */
  private static final long[] EDGES = {
    0,
    1,
    -1,
    2,
    127,
    128,
    -128,
    -129,
    255,
    256,
    2048,
    2049,
    2050,
    32767,
    32768,
    -32768,
    -32769,
    65504,
    65505,
    65535,
    65536,
    1 << 24,
    (1 << 24) + 1,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Integer.MAX_VALUE + 1L,
    Integer.MIN_VALUE - 1L,
    0xffff_ffffL,
    0x1_0000_0000L,
    1L << 53,
    (1L << 53) + 1,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MIN_VALUE + 1
  };

  @Provide
  Arbitrary<Dtype> dtypes() {
    return Arbitraries.of(ElementType.class)
        .flatMap(t -> Arbitraries.of(false, true).map(big -> new Dtype(t, big)));
  }

  @Property(tries = 500)
  void integersAreExactOrRefused(
      @ForAll("dtypes") Dtype dtype,
      @ForAll @IntRange(min = 1, max = 3000) int length,
      @ForAll @IntRange(max = 4) int kind,
      @ForAll Random random) {
    long[] values = new long[length];
    for (int i = 0; i < length; i++) {
      // Mostly small values, so that some arrays fit in whole.
      values[i] =
          random.nextInt(length) > 0 ? random.nextInt(2) : EDGES[random.nextInt(EDGES.length)];
    }
    ElementEncoder encoder = ElementEncoder.of(dtype);
    ByteBuffer out = ByteBuffer.allocate(length * dtype.type().componentSize());
    List<BigDecimal> wanted = new ArrayList<>();
    Throwable thrown =
        switch (kind) {
          case 0 -> {
            byte[] narrow = new byte[length];
            for (int i = 0; i < length; i++) {
              narrow[i] = (byte) values[i];
              wanted.add(BigDecimal.valueOf(narrow[i]));
            }
            yield catchThrowable(() -> encoder.put(narrow, 0, length, out));
          }
          case 1 -> {
            short[] narrow = new short[length];
            for (int i = 0; i < length; i++) {
              narrow[i] = (short) values[i];
              wanted.add(BigDecimal.valueOf(narrow[i]));
            }
            yield catchThrowable(() -> encoder.put(narrow, 0, length, out));
          }
          case 2 -> {
            int[] narrow = new int[length];
            for (int i = 0; i < length; i++) {
              narrow[i] = (int) values[i];
              wanted.add(BigDecimal.valueOf(narrow[i]));
            }
            yield catchThrowable(() -> encoder.put(narrow, 0, length, out));
          }
          case 3 -> {
            boolean[] narrow = new boolean[length];
            for (int i = 0; i < length; i++) {
              narrow[i] = values[i] != 0;
              wanted.add(narrow[i] ? BigDecimal.ONE : BigDecimal.ZERO);
            }
            yield catchThrowable(() -> encoder.put(narrow, 0, length, out));
          }
          default -> {
            for (long value : values) {
              wanted.add(BigDecimal.valueOf(value));
            }
            yield catchThrowable(() -> encoder.put(values, 0, length, out));
          }
        };
    expect(dtype, wanted, out, thrown);
  }

  @Property(tries = 500)
  void doublesBecomeIntegersOnlyIfWhole(
      @ForAll("dtypes") Dtype dtype,
      @ForAll @IntRange(min = 1, max = 3000) int length,
      @ForAll Random random) {
    if ("fc".indexOf(dtype.type().kind()) >= 0) {
      return;
    }
    double[] values = new double[length];
    List<BigDecimal> wanted = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      values[i] =
          random.nextInt(length) > 0
              ? random.nextInt(2)
              : EDGES[random.nextInt(EDGES.length)] + random.nextInt(2) / 2.0;
      wanted.add(new BigDecimal(values[i]));
    }
    ByteBuffer out = ByteBuffer.allocate(length * dtype.size());
    Throwable thrown = catchThrowable(() -> ElementEncoder.of(dtype).put(values, 0, length, out));
    expect(dtype, wanted, out, thrown);
  }

  /** The written elements are the wanted values, or the first that does not fit was named. */
  private static void expect(
      Dtype dtype, List<BigDecimal> wanted, ByteBuffer out, Throwable thrown) {
    for (int i = 0; i < wanted.size(); i++) {
      if (!fits(dtype.type(), wanted.get(i))) {
        assertThat(thrown).isInstanceOf(ElementOutOfRangeException.class);
        ElementOutOfRangeException error = (ElementOutOfRangeException) thrown;
        assertThat(error.index()).isEqualTo(i);
        assertThat(Double.parseDouble(error.value())).isEqualTo(wanted.get(i).doubleValue());
        return;
      }
    }
    assertThat(thrown).isNull();
    assertThat(out.hasRemaining()).isFalse();
    for (int i = 0; i < wanted.size(); i++) {
      assertThat(component(dtype, out, i)).isEqualByComparingTo(wanted.get(i));
    }
  }

  private static boolean fits(ElementType type, BigDecimal value) {
    int bits = 8 * type.componentSize();
    BigDecimal power = new BigDecimal(BigInteger.TWO.pow(bits - 1));
    return switch (type.kind()) {
      case 'b' -> value.signum() == 0 || value.compareTo(BigDecimal.ONE) == 0;
      case 'i' ->
          whole(value) && value.compareTo(power.negate()) >= 0 && value.compareTo(power) < 0;
      case 'u' ->
          whole(value)
              && value.signum() >= 0
              && value.compareTo(power.multiply(BigDecimal.valueOf(2))) < 0;
      default ->
          switch (bits) {
            case 16 ->
                Math.abs(value.doubleValue()) <= 65504
                    && value.compareTo(
                            new BigDecimal(HalfTest.slowly(Half.of(value.doubleValue()))))
                        == 0;
            case 32 -> value.compareTo(new BigDecimal(value.floatValue())) == 0;
            default -> value.compareTo(new BigDecimal(value.doubleValue())) == 0;
          };
    };
  }

  private static boolean whole(BigDecimal value) {
    return value.stripTrailingZeros().scale() <= 0;
  }

  private static BigDecimal component(Dtype dtype, ByteBuffer bytes, int i) {
    ByteBuffer in = bytes.duplicate().order(dtype.order());
    return switch (dtype.type()) {
      case BOOL, INT8 -> BigDecimal.valueOf(in.get(i));
      case UINT8 -> BigDecimal.valueOf(in.get(i) & 0xff);
      case INT16 -> BigDecimal.valueOf(in.getShort(2 * i));
      case UINT16 -> BigDecimal.valueOf(in.getShort(2 * i) & 0xffff);
      case INT32 -> BigDecimal.valueOf(in.getInt(4 * i));
      case UINT32 -> BigDecimal.valueOf(in.getInt(4 * i) & 0xffff_ffffL);
      case INT64 -> BigDecimal.valueOf(in.getLong(8 * i));
      case UINT64 -> new BigDecimal(Long.toUnsignedString(in.getLong(8 * i)));
      case FLOAT16 -> new BigDecimal(HalfTest.slowly(in.getShort(2 * i)));
      case FLOAT32, COMPLEX64 -> new BigDecimal(in.getFloat(4 * i));
      case FLOAT64, COMPLEX128 -> new BigDecimal(in.getDouble(8 * i));
    };
  }

  @Test
  void doublesRoundToFloatsButNotToInfinity() throws Exception {
    ByteBuffer out = ByteBuffer.allocate(16);
    double[] values = {0.1, Double.NEGATIVE_INFINITY, Double.NaN, 1e39};
    ElementEncoder encoder = ElementEncoder.of(new Dtype(ElementType.FLOAT32, true));

    encoder.put(values, 0, 3, out);

    assertThat(out.getFloat(0)).isEqualTo(0.1f);
    assertThat(out.getFloat(4)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(out.getFloat(8)).isNaN();
    assertThatThrownBy(() -> encoder.put(values, 1, 4, out.clear()))
        .hasMessage("element 3 is 1.0E39, which >f4 can't hold");
    assertThatThrownBy(
            () ->
                ElementEncoder.of(Dtype.of(ElementType.FLOAT16))
                    .put(new float[] {65519, 65520}, 0, 2, out.clear()))
        .hasMessage("element 1 is 65520.0, which float16 can't hold");
  }

  @Test
  void floatsKeepTheirBits() throws Exception {
    float[] values = {1.5f, Float.intBitsToFloat(0x7fc0_1234), -0f};
    ByteBuffer out = ByteBuffer.allocate(12);
    ElementEncoder.of(new Dtype(ElementType.FLOAT32, true)).put(values, 0, 3, out);
    for (int i = 0; i < 3; i++) {
      assertThat(out.getInt(4 * i)).isEqualTo(Float.floatToRawIntBits(values[i]));
    }
  }

  @Test
  void unsignedLongsPassAsTwosComplement() {
    ByteBuffer out = ByteBuffer.allocate(8);
    ElementEncoder.of(new Dtype(ElementType.UINT64, true)).putUnsigned(new long[] {-2}, 0, 1, out);
    assertThat(out.getLong(0)).isEqualTo(-2);
    assertThatThrownBy(
            () ->
                ElementEncoder.of(Dtype.of(ElementType.INT64))
                    .putUnsigned(new long[1], 0, 1, out.clear()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void doesNotWritePastTheBuffer() {
    for (ElementType type : ElementType.values()) {
      ByteBuffer out = ByteBuffer.allocate(4 * type.componentSize() - 1);
      assertThatThrownBy(() -> ElementEncoder.of(Dtype.of(type)).put(new long[4], 0, 4, out))
          .as(type.numpyName())
          .isInstanceOf(BufferOverflowException.class);
    }
  }
}
