// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.FrameLayout;
import io.sparkarrays.core.Shape;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Tiles are the frame's elements, each once, and fill values outside. */
class FrameTilesProperties {

  @Property(tries = 200)
  void areTheFrames(
      @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 1, max = 5) Integer> extents,
      @ForAll @Size(value = 3) List<@IntRange(min = 1, max = 6) Integer> tiles,
      @ForAll @IntRange(min = 1, max = 3) int size,
      @ForAll @IntRange(min = 1, max = 3) int count) {
    int rank = extents.size();
    Shape frame = Shape.of(extents.stream().mapToLong(Integer::longValue).toArray());
    Shape tile = Shape.of(tiles.subList(0, rank).stream().mapToLong(Integer::longValue).toArray());
    byte[] frames = new byte[(int) (count * frame.size()) * size];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = (byte) (i + 1);
    }
    byte[] fill = new byte[size];
    Arrays.fill(fill, (byte) -1);
    byte[] rebuilt = new byte[frames.length];
    FrameLayout inTile = new FrameLayout(tile, Shape.of());
    FrameLayout inFrame = new FrameLayout(frame, Shape.of());
    int[] seen = {0};
    new FrameTiles(frame, tile, fill)
        .forEach(
            corner -> {
              byte[] content = new byte[(int) (count * tile.size()) * size];
              new FrameTiles(frame, tile, fill).copy(frames, count, corner, content);
              for (int i = 0; i < count; i++) {
                for (int at = 0; at < tile.size(); at++) {
                  long[] position = new long[rank];
                  boolean inside = true;
                  for (int axis = 0; axis < rank; axis++) {
                    position[axis] = corner[axis] + inTile.coordinate(at, axis);
                    inside &= position[axis] < frame.dim(axis);
                  }
                  int from = (int) (i * tile.size() + at) * size;
                  if (inside) {
                    int to = (int) (i * frame.size() + inFrame.frameIndex(position)) * size;
                    System.arraycopy(content, from, rebuilt, to, size);
                    seen[0]++;
                  } else {
                    assertThat(content[from]).isEqualTo((byte) -1);
                  }
                }
              }
            });
    assertThat(rebuilt).isEqualTo(frames);
    assertThat(seen[0]).isEqualTo((int) (count * frame.size()));
  }
}
