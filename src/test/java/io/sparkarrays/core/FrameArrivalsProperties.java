// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FrameArrivalsProperties {

  @Property(tries = 500)
  void tellsWhatAFlagAFrameTells(@ForAll Random random) {
    int from = random.nextInt(50);
    int to = from + 1 + random.nextInt(60);
    int longest = 1 + random.nextInt(6);
    FrameArrivals arrivals = new FrameArrivals(from, to);
    BitSet came = new BitSet();
    for (int n = 0; n < 80; n++) {
      int first = from + random.nextInt(to - from);
      int last = Math.min(to, first + 1 + random.nextInt(longest));
      boolean fresh = came.get(first, last).isEmpty();
      assertThat(arrivals.add(first, last)).isEqualTo(fresh);
      if (fresh) {
        came.set(first, last);
      }
      assertThat(arrivals.next()).isEqualTo(came.nextClearBit(from));
      assertThat(arrivals.complete()).isEqualTo(came.cardinality() == to - from);
      assertThat(arrivals.missing())
          .isEqualTo(
              FrameIntervals.ofIndexes(
                  LongStream.range(from, to).filter(i -> !came.get((int) i)).toArray()));
    }
  }

  @Test
  void framesOutsideAreAMistakeOfTheCaller() {
    FrameArrivals arrivals = new FrameArrivals(4, 9);
    assertThatThrownBy(() -> arrivals.add(3, 5)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> arrivals.add(8, 10)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> arrivals.add(5, 5)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(arrivals.missing()).isEqualTo(FrameIntervals.of(4, 9));
  }
}
