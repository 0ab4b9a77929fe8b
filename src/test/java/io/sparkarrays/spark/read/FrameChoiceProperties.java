// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.FrameLayout;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.RandomDataSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Set arithmetic chooses the frames that sorting would. */
class FrameChoiceProperties {

  /** A scan with a random order on some of its columns. */
  private static final class Ordered {
    final List<SortKey> keys = new ArrayList<>();
    Comparator<Long> comparator = Comparator.comparing(frame -> 0);

    Ordered(Random random, Shape scan) {
      FrameLayout layout = new FrameLayout(scan, Shape.of());
      int count = 1 + random.nextInt(scan.rank() + 1);
      for (int i = 0; i < count; i++) {
        int axis = random.nextInt(scan.rank() + 1) - 1;
        boolean ascending = random.nextBoolean();
        Coordinate column =
            axis < 0
                ? new Coordinate(scan.size(), scan.size(), 1)
                : new Coordinate(scan.size(), scan.dim(axis), layout.stride(axis));
        keys.add(new SortKey("column " + axis, column, ascending));
        ToLongFunction<Long> value = f -> axis < 0 ? f : layout.coordinate(f, axis);
        Comparator<Long> one = Comparator.comparingLong(value);
        comparator = comparator.thenComparing(ascending ? one : one.reversed());
      }
    }
  }

  private static List<Long> list(FrameIntervals frames, long size) {
    return LongStream.range(0, size).filter(frames::contains).boxed().toList();
  }

  @Property(tries = 2000)
  void theFirstFramesOfAnOrder(@ForAll Random random) {
    Shape scan = RandomDataSet.shape(random, 1 + random.nextInt(4), 5);
    Ordered ordered = new Ordered(random, scan);
    FrameIntervals set =
        FrameIntervals.ofIndexes(
            random.longs(random.nextInt((int) scan.size() + 1), 0, scan.size()).toArray());
    int limit = random.nextInt((int) scan.size() + 2);
    List<Long> all = list(set, scan.size());
    List<Long> expected = all.stream().sorted(ordered.comparator).limit(limit).toList();
    FrameChoice choice = FrameChoice.ALL.withOrder(ordered.keys, limit);
    List<Long> chosen = list(choice.of(set), scan.size());
    assertThat(all).containsAll(chosen);
    assertThat(chosen).hasSize((int) choice.count(set.count()));
    // Frames that are equal in the order may stand for each other.
    assertThat(chosen.stream().sorted(ordered.comparator))
        .as("%s of %s in %s", choice, set, scan)
        .usingElementComparator(ordered.comparator)
        .containsExactlyElementsOf(expected);
  }

  @Property
  void anOffsetIsCountedFromTheLimit(@ForAll Random random) {
    FrameIntervals set = FrameIntervals.ofIndexes(random.longs(30, 0, 60).toArray());
    OptionalInt limit =
        random.nextBoolean() ? OptionalInt.of(random.nextInt(40)) : OptionalInt.empty();
    int offset = random.nextInt(40);
    FrameChoice choice = new FrameChoice(List.of(), limit, offset);
    List<Long> expected = list(set, 60).stream().limit(limit.orElse(100)).skip(offset).toList();
    assertThat(list(choice.of(set), 60)).isEqualTo(expected);
    assertThat(choice.count(set.count())).isEqualTo(expected.size());
  }

  @Example
  void anOrderOfManyFramesIsFoundInFewSteps() {
    Coordinate inner = new Coordinate(1L << 40, 1L << 20, 1);
    Coordinate outer = new Coordinate(1L << 40, 1L << 20, 1L << 20);
    FrameIntervals all = FrameIntervals.of(0, 1L << 40);
    FrameChoice choice =
        FrameChoice.ALL.withOrder(
            List.of(new SortKey("x", inner, false), new SortKey("y", outer, true)), 3);
    assertThat(choice.of(all))
        .isEqualTo(FrameIntervals.ofIndexes((1L << 20) - 1, (2L << 20) - 1, (3L << 20) - 1));
    assertThat(new SortKey("x", new Coordinate(1L << 40, 1L << 19, 1), true).bounded()).isFalse();
  }
}
