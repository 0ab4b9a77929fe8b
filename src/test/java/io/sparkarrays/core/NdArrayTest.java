// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ValueType.Encoding;
import io.sparkarrays.core.ValueType.Padding;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class NdArrayTest {

  private static NdArray counted(long... dims) {
    Shape shape = Shape.of(dims);
    long[] values = new long[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return NdArray.of(values).reshape(shape);
  }

  @Test
  void aSliceIsAView() {
    NdArray array = counted(3, 4);
    NdArray part = array.get(Index.parse("1:, ::-2"));
    assertThat(part.shape()).isEqualTo(Shape.of(2, 2));
    assertThat(part.values()).containsExactly(7L, 5L, 11L, 9L);
    part.set(-1, 0, 1);
    assertThat(array.get(1, 1)).isEqualTo(-1L);
    assertThat(array.get(Index.parse("-1")).values()).containsExactly(8L, 9L, 10L, 11L);
  }

  @Test
  void listedPositionsAreACopyAndCanBeSet() {
    NdArray array = counted(3, 4);
    NdArray part = array.get(Index.parse("[2, 0], [1, 1, -1]"));
    assertThat(part.values()).containsExactly(9L, 9L, 11L, 1L, 1L, 3L);
    array.put(NdArray.of(10L, 20L, 30L), Index.parse("[2, 0], 1:"));
    assertThat(array.values())
        .containsExactly(0L, 10L, 20L, 30L, 4L, 5L, 6L, 7L, 8L, 10L, 20L, 30L);
    array.put(counted(2, 1), Index.parse("[2, 0], :2"));
    assertThat(array.get(Index.parse(":, 0")).values()).containsExactly(1L, 4L, 0L);
    assertThatThrownBy(() -> array.put(NdArray.of(1L, 2L, 3L), Index.parse("[0, 1], 0")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsOutsideIsRefusedButSlicesAreClipped() {
    NdArray array = counted(3);
    assertThatThrownBy(() -> array.get(Index.parse("3")))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> array.get(Index.parse("0, 0")))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> array.get(Index.parse("-4")))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(array.get(Index.parse("-9:9")).values()).containsExactly(0L, 1L, 2L);
    assertThat(array.get(Index.parse("2:1")).shape()).isEqualTo(Shape.of(0));
    assertThatThrownBy(() -> Index.parse("1:2:0")).isInstanceOf(ArrayException.class);
    assertThatThrownBy(() -> Index.parse("a")).isInstanceOf(ArrayException.class);
  }

  @Test
  void assigningConvertsAndRepeats() {
    NdArray whole = NdArray.zeros(ElementType.INT16, 2, 3);
    whole.assign(NdArray.of(1.7, -1.7, 3.0));
    assertThat(whole.values()).containsExactly(1L, -1L, 3L, 1L, -1L, 3L);
    assertThatThrownBy(() -> whole.assign(NdArray.of(1L, 2L)))
        .isInstanceOf(IllegalArgumentException.class);
    NdArray complex = NdArray.zeros(ElementType.COMPLEX64, 1);
    complex.assign(NdArray.of(2.5));
    assertThat(complex.get(0)).isEqualTo(new Complex(2.5, 0));
  }

  @Test
  void numbersKeepWidthAndByteOrder() {
    for (ElementType type : ElementType.values()) {
      for (boolean big : new boolean[] {false, true}) {
        NdArray array = NdArray.zeros(new ValueType.Plain(new Dtype(type, big)), Shape.of(2));
        Object one =
            type == ElementType.BOOL
                ? (Object) true
                : type.components() == 2
                    ? new Complex(1.5, -2)
                    : type.kind() == 'f' ? (Object) 1.5 : (Object) 100L;
        array.set(one, 1);
        assertThat(array.get(1)).isEqualTo(one);
        assertThat(array.copy()).isEqualTo(array);
        byte first = array.bytes().get(type.size());
        byte last = array.bytes().get(2 * type.size() - 1);
        if (type.kind() == 'i' && type.size() > 1) {
          assertThat(big ? last : first).isEqualTo((byte) 100);
        }
      }
    }
    NdArray unsigned = NdArray.zeros(ElementType.UINT64, 1);
    unsigned.set(new BigInteger("18446744073709551615"), 0);
    assertThat(unsigned.get(0)).isEqualTo(new BigInteger("18446744073709551615"));
  }

  @Test
  void textsAndRecordsAreKept() {
    ValueType bytes = new ValueType.Text(4, Encoding.UTF_8, Padding.NULL_PADDED);
    ValueType unicode = new ValueType.Text(16, Encoding.UTF_32BE, Padding.NULL_PADDED);
    ValueType record =
        new ValueType.Compound(
            20,
            List.of(
                new ValueType.Member("name", 0, unicode),
                new ValueType.Member(
                    "id", 16, new ValueType.Plain(new Dtype(ElementType.INT32, true)))));
    NdArray array = NdArray.zeros(record, Shape.of(2));
    array.set(Map.of("name", "h\u00e9", "id", 7), 1);
    assertThat(array.get(1)).isEqualTo(Map.of("name", "h\u00e9", "id", 7L));
    NdArray texts = NdArray.zeros(bytes, Shape.of(2));
    texts.set("ab", 0);
    assertThat((byte[]) texts.get(0)).containsExactly('a', 'b');
    assertThat(texts.as(unicode).values()).containsExactly("ab", "");
    assertThatThrownBy(() -> texts.set("\u00e9", 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> texts.set(1, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void equalityCountsNaNAndZeros() {
    assertThat(NdArray.of(Double.NaN, 0.0)).isEqualTo(NdArray.of(Double.NaN, -0.0));
    assertThat(NdArray.of(1.0)).isNotEqualTo(NdArray.of(1L));
    assertThat(NdArray.of(1.0)).isNotEqualTo(NdArray.of(1.0, 1.0));
    assertThat(NdArray.of(1.0, 2.0)).isNotEqualTo(NdArray.of(1.0, 3.0));
  }

  @Test
  void aTransposedViewGivesItsBytesInItsOwnOrder() {
    NdArray turned = counted(2, 3).transpose(1, 0);
    assertThat(turned.values()).containsExactly(0L, 3L, 1L, 4L, 2L, 5L);
    assertThat(NdArray.wrap(turned.bytes(), turned.type(), turned.shape())).isEqualTo(turned);
    assertThat(turned.reshape(Shape.of(6)).values()).isEqualTo(turned.values());
    assertThatThrownBy(() -> turned.reshape(Shape.of(5)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> NdArray.wrap(ByteBuffer.allocate(7), turned.type(), Shape.of(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** What a slab reader reads and memory then picks is what memory picks of all. */
  @Property(tries = 200)
  void aSlabHoldsWhatIndicesTake(
      @ForAll @IntRange(max = 7) int rows,
      @ForAll @IntRange(min = 1, max = 7) int columns,
      @ForAll @IntRange(min = -9, max = 9) int start,
      @ForAll @IntRange(min = -9, max = 9) int stop,
      @ForAll @IntRange(min = -3, max = 3) int step,
      @ForAll @Size(max = 4) List<@IntRange(max = 6) Integer> listed) {
    NdArray array = counted(rows, columns);
    long[] positions = listed.stream().mapToLong(p -> p % columns - (p % 2) * columns).toArray();
    for (Index second : List.of(Index.positions(positions), Index.at(columns - 1), Index.all())) {
      List<Index> indices = List.of(Index.slice(start, stop, step == 0 ? 1 : step), second);
      IndexedSlab wanted = IndexedSlab.of(array.shape(), indices);
      NdArray box = NdArray.zeros(array.type(), wanted.slab().shape());
      ByteBuffer bytes = box.bytes();
      wanted
          .slab()
          .forEachRun(
              array.shape(),
              (at, length) -> bytes.put(array.bytes().slice((int) at * 8, (int) length * 8)));
      assertThat(box.get(wanted.inside())).isEqualTo(array.get(indices));
      assertThat(wanted.shape()).isEqualTo(array.get(indices).shape());
    }
  }
}
