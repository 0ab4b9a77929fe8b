// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.source.FrameRange;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import org.apache.spark.sql.types.StructField;

/** The column of arrays that tell where the writer of a frame stood among all writers. */
final class CoordsFiller implements ColumnFiller {

  private final VectorPlan plan;

  /**
   * @param ranges all files that the reader will come by; each knows as many coordinates
   */
  CoordsFiller(StructField field, Collection<FrameRange> ranges) {
    int length = ranges.stream().mapToInt(range -> range.coords().size()).max().orElse(0);
    this.plan = VectorPlan.frames(field, Dtype.of(ElementType.INT64), Shape.of(length));
  }

  @Override
  public VectorPlan plan() {
    return plan;
  }

  @Override
  public void fill(VectorBuffers buffers, int row, FrameRun run) {
    ByteBuffer data = buffers.get(buffers.count() - 1);
    List<Long> coords = run.range().coords();
    int at = row * coords.size() * Long.BYTES;
    for (int i = 0; i < run.frames(); i++) {
      for (long coordinate : coords) {
        data.putLong(at, coordinate);
        at += Long.BYTES;
      }
    }
  }
}
