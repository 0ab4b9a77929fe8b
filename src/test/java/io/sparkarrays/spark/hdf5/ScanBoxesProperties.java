// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.FrameLayout;
import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Boxes of a run of frames are the run, in order, and few. */
class ScanBoxesProperties {

  @Property(tries = 500)
  void boxesAreTheRunInOrder(@ForAll Random random) throws IOException {
    Shape scan = Shape.of(random.longs(random.nextInt(4), 1, 6).toArray());
    FrameLayout layout = new FrameLayout(scan, Shape.of());
    long from = random.nextInt((int) scan.size());
    long to = from + 1 + random.nextInt((int) (scan.size() - from));
    List<Long> frames = new ArrayList<>();
    int[] boxes = {0};
    ScanBoxes.forEach(
        scan,
        from,
        to,
        (start, count) -> {
          boxes[0]++;
          for (long i = 0; i < Shape.of(count).size(); i++) {
            long[] at = start.clone();
            for (int axis = 0; axis < at.length; axis++) {
              at[axis] += new FrameLayout(Shape.of(count), Shape.of()).coordinate(i, axis);
            }
            frames.add(layout.frameIndex(at));
          }
        });
    assertThat(frames).containsExactlyElementsOf(LongStream.range(from, to).boxed().toList());
    assertThat(boxes[0]).isLessThanOrEqualTo(Math.max(1, 2 * scan.rank() - 1));
  }
}
