// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Sets of frames against {@link BitSet}. */
class FrameIntervalsProperties {

  private static final int FRAMES = 64;

  /** Sets with runs of neighbours and gaps of all lengths. */
  @Provide
  Arbitrary<BitSet> sets() {
    Arbitrary<BitSet> spans =
        Arbitraries.integers()
            .between(0, 9)
            .list()
            .ofMaxSize(16)
            .map(
                lengths -> {
                  BitSet set = new BitSet();
                  int at = 0;
                  boolean in = false;
                  for (int length : lengths) {
                    int end = Math.min(at + length, FRAMES);
                    set.set(at, end, in);
                    at = end;
                    in = !in;
                  }
                  return set;
                });
    Arbitrary<BitSet> bits = Arbitraries.longs().map(word -> BitSet.valueOf(new long[] {word}));
    return Arbitraries.oneOf(spans, bits);
  }

  private static FrameIntervals of(BitSet set) {
    return FrameIntervals.ofIndexes(set.stream().asLongStream().toArray());
  }

  private static void assertEquals(FrameIntervals found, BitSet expected) {
    BitSet bits = new BitSet();
    long end = -1;
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.from(i)).as("sorted and not adjacent").isGreaterThan(end);
      assertThat(found.to(i)).as("not empty").isGreaterThan(found.from(i));
      bits.set((int) found.from(i), (int) found.to(i));
      end = found.to(i);
    }
    assertThat(bits).isEqualTo(expected);
    assertThat(found.count()).isEqualTo(expected.cardinality());
    assertThat(found.isEmpty()).isEqualTo(expected.isEmpty());
    for (int frame = -1; frame <= FRAMES + 1; frame++) {
      assertThat(found.contains(frame)).isEqualTo(frame >= 0 && expected.get(frame));
    }
    assertThat(found).isEqualTo(of(expected)).hasSameHashCodeAs(of(expected));
  }

  @Property
  void indexesMakeTheSet(@ForAll("sets") BitSet set) {
    assertEquals(of(set), set);
    long[] doubledAndTurned =
        LongStream.concat(
                set.stream().asLongStream().map(i -> FRAMES - i), set.stream().asLongStream())
            .toArray();
    BitSet both = (BitSet) set.clone();
    set.stream().forEach(i -> both.set(FRAMES - i));
    assertThat(FrameIntervals.ofIndexes(doubledAndTurned)).isEqualTo(of(both));
  }

  @Property
  void union(@ForAll("sets") BitSet a, @ForAll("sets") BitSet b) {
    BitSet expected = (BitSet) a.clone();
    expected.or(b);
    assertEquals(of(a).union(of(b)), expected);
  }

  @Property
  void intersection(@ForAll("sets") BitSet a, @ForAll("sets") BitSet b) {
    BitSet expected = (BitSet) a.clone();
    expected.and(b);
    assertEquals(of(a).intersect(of(b)), expected);
  }

  @Property
  void complement(@ForAll("sets") BitSet a, @ForAll @IntRange(max = FRAMES) int frames) {
    BitSet expected = (BitSet) a.clone();
    expected.flip(0, frames);
    expected.clear(frames, FRAMES + 1);
    assertEquals(of(a).complement(frames), expected);
  }

  @Property
  void within(
      @ForAll("sets") BitSet a,
      @ForAll @IntRange(max = FRAMES) int from,
      @ForAll @IntRange(max = FRAMES) int to) {
    BitSet expected = new BitSet();
    if (from < to) {
      expected.set(from, to);
    }
    expected.and(a);
    assertEquals(of(a).within(from, to), expected);
  }

  @Property
  void first(@ForAll("sets") BitSet a, @ForAll @IntRange(max = FRAMES) int limit) {
    BitSet expected = new BitSet();
    a.stream().limit(limit).forEach(expected::set);
    assertEquals(of(a).first(limit), expected);
  }

  @Property
  void skip(@ForAll("sets") BitSet a, @ForAll @IntRange(max = FRAMES) int frames) {
    BitSet expected = new BitSet();
    a.stream().skip(frames).forEach(expected::set);
    assertEquals(of(a).skip(frames), expected);
  }

  @Property
  void interval(@ForAll @IntRange(max = FRAMES) int from, @ForAll @IntRange(max = FRAMES) int to) {
    BitSet expected = new BitSet();
    if (from < to) {
      expected.set(from, to);
    }
    assertEquals(FrameIntervals.of(from, to), expected);
  }

  @Property
  void builderJoinsWhatOverlaps(@ForAll List<@IntRange(max = 20) Integer> steps) {
    FrameIntervals.Builder builder = new FrameIntervals.Builder();
    BitSet expected = new BitSet();
    int from = 0;
    for (int step : steps) {
      from = Math.min(from + step % 3, FRAMES);
      int to = Math.min(from + step % 7, FRAMES);
      builder.add(from, to);
      expected.set(from, to);
    }
    assertEquals(builder.build(), expected);
  }

  @Example
  void builderRefusesWhatIsOutOfOrder() {
    FrameIntervals.Builder builder = new FrameIntervals.Builder().add(5, 8);
    assertThatThrownBy(() -> builder.add(4, 6)).isInstanceOf(IllegalArgumentException.class);
  }

  @Example
  void longSetIsShortenedInText() {
    assertThat(FrameIntervals.ofIndexes(0, 1, 2, 8)).hasToString("[0:3, 8:9]");
    assertThat(FrameIntervals.EMPTY).hasToString("[]");
    long[] even = LongStream.range(0, 100).map(i -> 2 * i).toArray();
    assertThat(FrameIntervals.ofIndexes(even).toString())
        .startsWith("[0:1, 2:3, ")
        .contains("14:15, … 84 more, 184:185")
        .endsWith("198:199]");
  }
}
