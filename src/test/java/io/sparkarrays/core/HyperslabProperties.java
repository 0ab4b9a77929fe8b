// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class HyperslabProperties {

  /** An array and a box inside it. */
  record Case(Shape array, Hyperslab box) {}

  /** One dimension: the array's extent, the box's start and count. */
  private static Arbitrary<long[]> dimension() {
    return Arbitraries.longs()
        .between(1, 6)
        .flatMap(
            extent ->
                Arbitraries.longs()
                    .between(0, extent)
                    .flatMap(
                        start ->
                            Arbitraries.longs()
                                .between(0, extent - start)
                                .map(count -> new long[] {extent, start, count})));
  }

  @Provide
  Arbitrary<Case> boxes() {
    Arbitrary<long[]> whole =
        Arbitraries.longs().between(1, 6).map(extent -> new long[] {extent, 0, extent});
    // Whole dimensions must be common, as they are what runs join over.
    return Arbitraries.oneOf(dimension(), whole)
        .list()
        .ofMaxSize(5)
        .map(
            dims -> {
              long[] array = dims.stream().mapToLong(d -> d[0]).toArray();
              long[] start = dims.stream().mapToLong(d -> d[1]).toArray();
              long[] count = dims.stream().mapToLong(d -> d[2]).toArray();
              return new Case(Shape.of(array), Hyperslab.of(start, count));
            });
  }

  /** The offsets of the box's elements, by one index a dimension. */
  private static List<Long> offsets(Case c, int axis, long offset) {
    if (axis == c.array().rank()) {
      return List.of(offset);
    }
    List<Long> found = new ArrayList<>();
    for (long i = 0; i < c.box().shape().dim(axis); i++) {
      long at = c.box().start(axis) + i;
      found.addAll(offsets(c, axis + 1, offset * c.array().dim(axis) + at));
    }
    return found;
  }

  @Property
  void runsAreTheBoxInCOrder(@ForAll("boxes") Case c) {
    List<Long> visited = new ArrayList<>();
    c.box()
        .forEachRun(
            c.array(),
            (offset, length) -> {
              assertThat(length).isPositive();
              for (long i = 0; i < length; i++) {
                visited.add(offset + i);
              }
            });
    assertThat(visited).isEqualTo(offsets(c, 0, 0));
  }

  /** One dimension: the array's extent, the slab's start, stride, count and block. */
  private static Arbitrary<long[]> strided() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 3),
            Arbitraries.longs().between(0, 3),
            Arbitraries.longs().between(0, 3),
            Arbitraries.longs().between(1, 3),
            Arbitraries.longs().between(0, 2))
        .as(
            (start, gap, count, block, behind) -> {
              long end = count == 0 ? 0 : (count - 1) * (block + gap) + block;
              return new long[] {start + end + behind, start, block + gap, count, block};
            });
  }

  @Property
  void runsOfBlocksAreTheirElementsInCOrder(@ForAll("stridedDimensions") List<long[]> dims) {
    long[][] by = new long[5][dims.size()];
    for (int axis = 0; axis < dims.size(); axis++) {
      for (int i = 0; i < 5; i++) {
        by[i][axis] = dims.get(axis)[i];
      }
    }
    Shape array = Shape.of(by[0]);
    Hyperslab slab = Hyperslab.of(by[1], by[2], by[3], by[4]);
    List<Long> expected = List.of(0L);
    for (long[] dim : dims) {
      List<Long> longer = new ArrayList<>();
      for (long offset : expected) {
        for (long i = 0; i < dim[3]; i++) {
          for (long j = 0; j < dim[4]; j++) {
            longer.add(offset * dim[0] + dim[1] + i * dim[2] + j);
          }
        }
      }
      expected = longer;
    }
    List<Long> visited = new ArrayList<>();
    slab.forEachRun(
        array,
        (offset, length) -> {
          for (long i = 0; i < length; i++) {
            visited.add(offset + i);
          }
        });
    assertThat(visited).isEqualTo(expected);
    assertThat(slab.shape().size()).isEqualTo(expected.size());
    for (int axis = 0; axis < dims.size(); axis++) {
      indexesAndCoordinatesAgree(slab, axis, array.dim(axis));
    }
  }

  @Provide
  Arbitrary<List<long[]>> stridedDimensions() {
    return strided().list().ofMaxSize(4);
  }

  private static void indexesAndCoordinatesAgree(Hyperslab slab, int axis, long extent) {
    long count = slab.shape().dim(axis);
    for (long coordinate = 0; coordinate <= extent; coordinate++) {
      long index = slab.indexFrom(axis, coordinate);
      assertThat(index).isBetween(0L, count);
      if (index < count) {
        assertThat(slab.coordinate(axis, index)).isGreaterThanOrEqualTo(coordinate);
      }
      if (index > 0) {
        assertThat(slab.coordinate(axis, index - 1)).isLessThan(coordinate);
      }
    }
  }

  @Example
  void blocksMustNotOverlap() {
    long[] one = {1};
    long[] two = {2};
    assertThatThrownBy(() -> Hyperslab.of(one, one, two, two))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Hyperslab.of(one, two, two, two))
        .isEqualTo(Hyperslab.of(one, new long[] {4}))
        .hasToString("1:5");
    assertThat(Hyperslab.of(one, two, two, one)).hasToString("1:4:2/1");
  }

  @Property
  void runsDoNotTouch(@ForAll("boxes") Case c) {
    long[] end = {-1};
    c.box()
        .forEachRun(
            c.array(),
            (offset, length) -> {
              assertThat(offset).isGreaterThan(end[0]);
              end[0] = offset + length;
            });
  }

  @Property
  void textIsReadBack(@ForAll("boxes") Case c) {
    if (c.array().rank() > 0 && c.box().shape().size() > 0) {
      assertThat(Hyperslab.parse(c.box().toString(), c.array()))
          .isEqualTo(c.box())
          .hasSameHashCodeAs(c.box());
    }
  }

  @Property
  void isAllOnlyIfEveryElementIsTaken(@ForAll("boxes") Case c) {
    assertThat(c.box().isAll(c.array()))
        .isEqualTo(c.box().shape().size() == c.array().size() && c.array().size() > 0);
    assertThat(Hyperslab.all(c.array()).isAll(c.array())).isTrue();
  }

  @Property
  void boxOutsideTheArrayIsRefused(@ForAll("boxes") Case c) {
    for (int axis = 0; axis < c.array().rank(); axis++) {
      long[] start = new long[c.array().rank()];
      for (int i = 0; i < start.length; i++) {
        start[i] = c.box().start(i);
      }
      for (long beyond : new long[] {c.array().dim(axis) + 1, Long.MAX_VALUE}) {
        start[axis] = beyond;
        Hyperslab outside = Hyperslab.of(start, c.box().shape().dims());
        assertThatThrownBy(() -> outside.forEachRun(c.array(), (offset, length) -> {}))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }

  @Example
  void sliceSpellings() {
    Shape array = Shape.of(20, 60);
    Hyperslab box = Hyperslab.of(new long[] {10, 30}, new long[] {10, 30});
    assertThat(Hyperslab.parse("10:20,30:60", array)).isEqualTo(box).hasToString("10:20,30:60");
    assertThat(Hyperslab.parse(" 10: , 30: ", array)).isEqualTo(box);
    assertThat(Hyperslab.parse(":,:", array)).isEqualTo(Hyperslab.all(array));
    assertThat(Hyperslab.parse("3,:5", array)).hasToString("3:4,0:5");
  }

  @Example
  void textThatIsNoBoxIsRefused() {
    Shape array = Shape.of(20, 60);
    for (String text :
        new String[] {
          "",
          "1:2",
          "1:2,3:4,5:6",
          "1:2,3:2",
          "0:21,:",
          "-1:2,:",
          "a:b,:",
          "1:2:3,:",
          "5:5,:",
          "9223372036854775807,:",
          "20,:"
        }) {
      assertThatThrownBy(() -> Hyperslab.parse(text, array))
          .as(text)
          .isInstanceOfSatisfying(
              ArrayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OPTION_INVALID));
    }
  }

  @Example
  void startAndCountMustFit() {
    assertThatThrownBy(() -> Hyperslab.of(new long[] {0}, new long[] {1, 1}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Hyperslab.of(new long[] {-1}, new long[] {1}))
        .isInstanceOf(IllegalArgumentException.class);
    Hyperslab flat = Hyperslab.of(new long[] {0}, new long[] {1});
    assertThatThrownBy(() -> flat.forEachRun(Shape.of(2, 2), (offset, length) -> {}))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
