// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.spark.source.FrameRange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.types.StructField;

/** A column of text that is the same for all frames of a file. */
final class TextFiller implements ColumnFiller {

  private static final int OFFSETS = 1;
  private static final int DATA = 2;

  private final Function<FrameRange, String> text;
  private final Map<FrameRange, byte[]> encoded = new HashMap<>();
  private final VectorPlan plan;

  /**
   * @param ranges all files that the reader will come by
   */
  TextFiller(StructField field, Collection<FrameRange> ranges, Function<FrameRange, String> text) {
    this.text = text;
    int longest = ranges.stream().mapToInt(r -> encode(r).length).max().orElse(0);
    this.plan = VectorPlan.text(field, longest);
  }

  private byte[] encode(FrameRange range) {
    return encoded.computeIfAbsent(range, r -> text.apply(r).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public VectorPlan plan() {
    return plan;
  }

  @Override
  public void fill(VectorBuffers buffers, int row, FrameRun run) {
    byte[] bytes = encode(run.range());
    ByteBuffer offsets = buffers.get(OFFSETS);
    ByteBuffer data = buffers.get(DATA);
    int at = offsets.getInt(row * Integer.BYTES);
    for (int i = 0; i < run.frames(); i++) {
      data.put(at, bytes);
      at += bytes.length;
      offsets.putInt((row + i + 1) * Integer.BYTES, at);
    }
  }
}
