// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.spark.source.FrameReference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
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
  private static final byte[] NONE = {};
  private static final int MOST_TEXTS = 256;

  /** Bytes of a text that are few, however small frames are. */
  private static final int SHORT = 1024;

  private final ReadColumn.Reference column;
  private final FrameReads reads;
  private final BatchPool pool;
  private final VectorPlan plan;
  private final TextBuffers out;
  private final IdentityHashMap<Map<String, Object>, byte[]> texts = new IdentityHashMap<>();

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
      byte[] text = reference.isPresent() ? text(reference.get()) : NONE;
      if (text.length == 0) {
        addFrame(run, frame);
        frame++;
        continue;
      }
      for (long to = Math.min(run.to(), reference.get().to()); frame < to; frame++) {
        out.add(text, 0, text.length);
      }
    }
    out.end();
  }

  private void addFrame(FrameRun run, long frame) throws IOException {
    ByteBuffer bytes = pool.scratch(reads.frameBytes());
    reads.read(run, frame, frame + 1, bytes);
    out.add(bytes.flip(), reads.frameBytes());
  }

  /** The text of a place, as long as it is much less than a frame; places come again and again. */
  private byte[] text(FrameReference reference) throws IOException {
    byte[] text = texts.get(reference.place());
    if (text == null) {
      if (texts.size() == MOST_TEXTS) {
        texts.clear();
      }
      text = encode(reference.place());
      if (text.length > Math.max(SHORT, reads.frameBytes() / 4)) {
        text = NONE;
      }
      texts.put(reference.place(), text);
    }
    return text;
  }

  /** The place, with what kind of frames are there, and what part of them is wanted. */
  private byte[] encode(Map<String, Object> place) throws IOException {
    Map<String, Object> all = new TreeMap<>(place);
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
    byte[] text = JSON.writeValueAsBytes(all);
    if (text.length == reads.frameBytes()) {
      all.put("", "");
      text = JSON.writeValueAsBytes(all);
    }
    return text;
  }
}
