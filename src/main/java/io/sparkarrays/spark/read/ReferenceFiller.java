// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.spark.source.FrameReference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A column that tells where frames are stored, for readers outside of the JVM. Frames of which that
 * can't be said are there themselves, as they are stored: such a value has just their bytes, and no
 * other value has as many.
 */
final class ReferenceFiller implements ColumnFiller {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ReadColumn.Reference column;
  private final FrameReads reads;
  private final BatchPool pool;
  private final VectorPlan plan;
  private final TextBuffers out;
  private FrameReference last;
  private byte[] text = {};

  ReferenceFiller(ReadColumn.Reference column, FrameReads reads, BatchPool pool) {
    this.column = column;
    this.reads = reads;
    this.pool = pool;
    this.plan = VectorPlan.texts(column.field());
    this.out = new TextBuffers(1);
  }

  @Override
  public VectorPlan plan() {
    return plan;
  }

  @Override
  public void fill(VectorBuffers buffers, int row, FrameRun run) throws IOException {
    out.begin(buffers, row, run.frames());
    for (long frame = run.from(); frame < run.to(); ) {
      Optional<FrameReference> reference = reads.reference(run, frame);
      if (reference.isEmpty()) {
        addFrames(run, frame, frame + 1);
        frame++;
        continue;
      }
      byte[] place = encode(reference.get());
      for (long to = Math.min(run.to(), reference.get().to()); frame < to; frame++) {
        out.add(place, 0, place.length);
      }
    }
    out.end();
  }

  private void addFrames(FrameRun run, long from, long to) throws IOException {
    int bytes = Math.toIntExact((to - from) * reads.frameBytes());
    ByteBuffer frames = pool.scratch(bytes);
    reads.read(run, from, to, frames);
    frames.flip();
    while (from++ < to) {
      out.add(frames, reads.frameBytes());
    }
  }

  /** The place, with what kind of frames are there, and what part of them is wanted. */
  private byte[] encode(FrameReference reference) throws IOException {
    if (reference.equals(last)) {
      return text;
    }
    Map<String, Object> all = new TreeMap<>(reference.place());
    all.put("dtype", column.column().dtype().toString());
    all.put("shape", column.column().frame().dims());
    Hyperslab region = column.region();
    if (!region.isAll(column.column().frame())) {
      int rank = region.shape().rank();
      long[][] slices = new long[rank][];
      for (int axis = 0; axis < rank; axis++) {
        long start = region.start(axis);
        slices[axis] = new long[] {start, start + region.shape().dim(axis)};
      }
      all.put("region", slices);
    }
    byte[] encoded = JSON.writeValueAsBytes(all);
    if (encoded.length == reads.frameBytes()) {
      all.put("", "");
      encoded = JSON.writeValueAsBytes(all);
    }
    last = reference;
    text = encoded;
    return text;
  }
}
