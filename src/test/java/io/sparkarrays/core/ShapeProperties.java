// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ShapeProperties {

  @Provide
  Arbitrary<long[]> extents() {
    return Arbitraries.longs().between(0, 1000).array(long[].class).ofMaxSize(6);
  }

  /** Mostly valid ones, with the sizes around 2^63 well covered. */
  @Provide
  Arbitrary<long[]> anyExtents() {
    return Arbitraries.oneOf(
            Arbitraries.longs().between(0, 3),
            Arbitraries.longs().between(0, 40).map(bits -> 1L << bits),
            Arbitraries.longs())
        .array(long[].class)
        .ofMaxSize(6);
  }

  @Property
  void sizeIsTheProductOrIsRefused(@ForAll("anyExtents") long[] dims) {
    BigInteger nonZero =
        LongStream.of(dims)
            .filter(dim -> dim != 0)
            .mapToObj(BigInteger::valueOf)
            .reduce(BigInteger.ONE, BigInteger::multiply);
    boolean valid = Arrays.stream(dims).allMatch(d -> d >= 0) && nonZero.bitLength() < 64;
    if (valid) {
      long expected = Arrays.stream(dims).anyMatch(d -> d == 0) ? 0 : nonZero.longValueExact();
      assertThat(Shape.of(dims).size()).isEqualTo(expected);
    } else {
      assertThatThrownBy(() -> Shape.of(dims))
          .isInstanceOfSatisfying(
              ArrayException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STRUCTURE_INVALID));
    }
  }

  @Property
  void textIsReadBack(@ForAll("extents") long[] dims) {
    Shape shape = Shape.of(dims);
    assertThat(Shape.parse(shape.toString())).isEqualTo(shape).hasSameHashCodeAs(shape);
    assertThat(shape.dims()).isEqualTo(dims);
    assertThat(shape.rank()).isEqualTo(dims.length);
  }

  @Property
  void slicesJoinToTheWhole(@ForAll("extents") long[] dims, @ForAll @IntRange(max = 6) int cut) {
    Shape shape = Shape.of(dims);
    int at = Math.min(cut, dims.length);
    Shape outer = shape.slice(0, at);
    Shape inner = shape.slice(at, dims.length);
    assertThat(outer.concat(inner)).isEqualTo(shape);
    assertThat(outer.size() * inner.size()).isEqualTo(shape.size());
  }

  @Example
  void sliceOfAnEmptyShapeIsValid() {
    Shape shape = Shape.of(1L << 40, 0, 1L << 20);
    assertThat(shape.size()).isZero();
    assertThat(shape.slice(0, 1).size()).isEqualTo(1L << 40);
    assertThatThrownBy(() -> Shape.of(0, 1L << 40, 1L << 40)).isInstanceOf(ArrayException.class);
  }

  @Example
  void numpySpelling() {
    assertThat(Shape.of()).hasToString("()");
    assertThat(Shape.of(10)).hasToString("(10,)");
    assertThat(Shape.of(64, 64)).hasToString("(64, 64)");
    assertThat(Shape.parse("64,64")).isEqualTo(Shape.of(64, 64));
    assertThat(Shape.parse(" [ 3 , 4 ] ")).isEqualTo(Shape.of(3, 4));
    assertThat(Shape.parse("")).isEqualTo(Shape.of());
  }

  @Example
  void textThatIsNoShapeIsRefused() {
    for (String text : new String[] {"a", "1,,2", "1;2", "1.5", "99999999999999999999"}) {
      assertThatThrownBy(() -> Shape.parse(text))
          .as(text)
          .isInstanceOfSatisfying(
              ArrayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OPTION_INVALID))
          .hasMessageContaining(text);
    }
  }
}
