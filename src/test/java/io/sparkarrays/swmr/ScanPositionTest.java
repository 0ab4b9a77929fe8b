// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Positions as swmr_tools gives them, and what must hold for any grid. */
final class ScanPositionTest {

  private static final Shape GRID = Shape.of(3, 4);

  @Test
  void rasterGoesThroughRowsInOneDirection() {
    assertThat(ScanPosition.raster(0, GRID)).containsExactly(0, 0);
    assertThat(ScanPosition.raster(4, GRID)).containsExactly(1, 0);
    assertThat(ScanPosition.raster(11, GRID)).containsExactly(2, 3);
    assertThat(ScanPosition.raster(0, Shape.of())).isEmpty();
  }

  @Test
  void snakeTurnsAtTheEndOfARow() {
    assertThat(ScanPosition.snake(3, GRID)).containsExactly(0, 3);
    assertThat(ScanPosition.snake(4, GRID)).containsExactly(1, 3);
    assertThat(ScanPosition.snake(7, GRID)).containsExactly(1, 0);
    assertThat(ScanPosition.snake(8, GRID)).containsExactly(2, 0);
    assertThat(ScanPosition.isReversedRow(3, GRID)).isFalse();
    assertThat(ScanPosition.isReversedRow(5, GRID)).isTrue();
    assertThat(ScanPosition.isReversedRow(8, GRID)).isFalse();
  }

  @Test
  void refusesPointsOutsideOfTheScan() {
    assertThatThrownBy(() -> ScanPosition.raster(12, GRID))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("12");
    assertThatThrownBy(() -> ScanPosition.snake(-1, GRID))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aRowIsTheWholeOfTheLastDimension() {
    assertThat(SliceMetadata.row(6, Shape.of(3, 4, 2)).toString())
        .isEqualTo("(slice(0, 1, None), slice(3, 4, None), slice(0, 2, None))");
  }

  @Test
  void printsAsPythonDoes() {
    assertThat(SliceMetadata.at(7)).hasToString("(slice(7, 8, None),)");
    assertThat(SliceMetadata.at(1, 0)).hasToString("(slice(1, 2, None), slice(0, 1, None))");
    assertThat(SliceMetadata.at()).hasToString("()");
  }

  @Test
  void aStackBecomesAGrid() {
    SliceMetadata stack = new SliceMetadata(List.of(Slice.of(4), new Slice(0, 9)));
    assertThat(stack.onGrid(GRID, false))
        .hasToString("(slice(1, 2, None), slice(0, 1, None), slice(0, 9, None))");
    assertThat(stack.onGrid(GRID, true))
        .hasToString("(slice(1, 2, None), slice(3, 4, None), slice(0, 9, None))");
  }

  @Property(tries = 100)
  void snakeVisitsEveryPointOnceByStepsOfOne(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 4) Integer> extents) {
    Shape scan = Shape.of(extents.stream().mapToLong(Integer::longValue).toArray());
    Set<List<Slice>> seen = new HashSet<>();
    long[] before = ScanPosition.snake(0, scan);
    for (long index = 0; index < scan.size(); index++) {
      long[] position = ScanPosition.snake(index, scan);
      long steps = 0;
      for (int axis = 0; axis < position.length; axis++) {
        steps += Math.abs(position[axis] - before[axis]);
      }
      assertThat(steps).isEqualTo(index == 0 ? 0 : 1);
      seen.add(SliceMetadata.at(position).slices());
      before = position;
    }
    assertThat(seen).hasSize((int) scan.size());
  }
}
