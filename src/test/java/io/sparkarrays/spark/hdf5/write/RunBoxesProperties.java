// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.FrameLayout;
import io.sparkarrays.core.Shape;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The boxes of a run are its frames, each once and in their order, and are few. */
class RunBoxesProperties {

  @Property(tries = 300)
  void areTheRun(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 6) Integer> dims,
      @ForAll @IntRange(max = 1296) int one,
      @ForAll @IntRange(max = 1296) int other) {
    Shape scan = Shape.of(dims.stream().mapToLong(Integer::longValue).toArray());
    long from = Math.min(one, other) % (scan.size() + 1);
    long to = Math.max(from, Math.max(one, other) % (scan.size() + 1));
    FrameLayout layout = new FrameLayout(scan, Shape.of());
    List<Long> frames = new ArrayList<>();
    int[] boxes = {0};
    RunBoxes.forEach(
        scan,
        from,
        to,
        (start, count, first, many) -> {
          boxes[0]++;
          assertThat(Shape.of(count).size()).isEqualTo(many);
          assertThat(layout.frameIndex(start)).isEqualTo(first);
          FrameLayout box = new FrameLayout(Shape.of(count), Shape.of());
          for (long i = 0; i < many; i++) {
            long[] position = new long[count.length];
            for (int axis = 0; axis < count.length; axis++) {
              position[axis] = start[axis] + box.coordinate(i, axis);
            }
            frames.add(layout.frameIndex(position));
          }
        });
    List<Long> expected = new ArrayList<>();
    for (long frame = from; frame < to; frame++) {
      expected.add(frame);
    }
    assertThat(frames).isEqualTo(expected);
    assertThat(boxes[0]).isLessThanOrEqualTo(2 * scan.rank() - 1);
  }
}
