// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.Shape;
import java.nio.ByteBuffer;

/** Small data sets for tests: 12 frames of 4 × 5 int32, cut into 0:4, 4:9 and 9:12. */
final class Samples {

  static final PartitionStructure STRUCTURE =
      PartitionStructure.of(
          Shape.of(3, 4), Shape.of(4, 5), Dtype.of(ElementType.INT32), 0, 4, 9, 12);

  private Samples() {}

  /** Frames whose element i is {@code 1000 * frame + i}. */
  static ByteBuffer frames(long from, long to) {
    ByteBuffer data = ByteBuffer.allocate((int) (to - from) * 80).order(STRUCTURE.dtype().order());
    for (long frame = from; frame < to; frame++) {
      for (int i = 0; i < 20; i++) {
        data.putInt((int) (1000 * frame + i));
      }
    }
    return data.flip();
  }

  /** Writes the sample's frames to a partition that is not there yet. */
  static void fill(Partition partition) {
    try (PartitionWriter handle = partition.write()) {
      handle.writeNext(frames(partition.from(), partition.to()));
      handle.commit();
    }
  }
}
