// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import org.junit.jupiter.api.Test;

/** Chunks that a read passes over. */
class ChunkTallyTest {

  /** Ten layers of two chunks each. */
  private final ChunkTally tally = new ChunkTally(Shape.of(100, 20), Shape.of(10, 10));

  private void read(long from, long to, long column, long columns) {
    tally.read(Hyperslab.of(new long[] {from, column}, new long[] {to - from, columns}));
  }

  @Test
  void aWholeReadSkipsNothing() {
    read(0, 55, 0, 20);
    read(55, 100, 0, 20);
    assertThat(tally.skipped()).isZero();
  }

  @Test
  void layersBetweenAreSkippedAndThoseAroundAreNot() {
    read(25, 26, 0, 20);
    read(27, 28, 0, 20);
    read(60, 61, 0, 20);
    assertThat(tally.skipped()).isEqualTo(2 * 3);
  }

  @Test
  void partsOfFramesSkipTheOtherChunksOnceALayer() {
    read(0, 5, 12, 3);
    read(5, 30, 12, 3);
    assertThat(tally.skipped()).isEqualTo(3);
  }

  @Test
  void emptyReadsCountNothing() {
    read(50, 50, 0, 20);
    read(0, 1, 0, 20);
    assertThat(tally.skipped()).isZero();
  }
}
