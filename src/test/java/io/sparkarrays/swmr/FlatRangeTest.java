// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Intervals of C order as boxes: every element once, in order. */
final class FlatRangeTest {

  @Test
  void rangesBecomeBoxesInOrder() throws IOException {
    for (Shape shape : List.of(Shape.of(4, 3, 5, 1), Shape.of(60), Shape.of(60, 1), Shape.of())) {
      for (long from = 0; from <= shape.size(); from++) {
        for (long end = from; end <= shape.size(); end++) {
          long[] next = {from};
          FlatRange.forEachBox(
              shape,
              from,
              end,
              box ->
                  box.forEachRun(
                      shape,
                      (offset, length) -> {
                        assertThat(offset).isEqualTo(next[0]);
                        next[0] += length;
                      }));
          assertThat(next[0]).isEqualTo(end);
        }
      }
    }
  }
}
