// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.ElementType;
import io.sparkarrays.reduce.FrameStatistics;
import io.sparkarrays.reduce.StoredElements;
import io.sparkarrays.spark.source.FrameStatistic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructType;

/**
 * Column {@code _stats}: reduces frames as they are stored, whatever form their own column has, to
 * the numbers that the query wants. Where the query reads the frames too, they are seen on their
 * way, and this is filled after them; else they only pass through scratch memory.
 */
final class StatsFiller implements ColumnFiller, FrameTap {

  private final FrameReads reads;
  private final BatchPool pool;
  private final boolean tapping;
  private final FrameStatistic[] wanted;
  private final VectorPlan plan;
  private final ElementType type;
  private final int elements;
  private final StoredElements frame;
  private final FrameStatistics statistics = new FrameStatistics();

  // The wanted numbers of frames that were seen and are not in a vector yet.
  private double[] seen = new double[64];
  private int count;

  /**
   * @param tapping whether this sees frames as a {@link FrameTap}, so that it reads none
   */
  StatsFiller(ReadColumn.Statistics column, FrameReads reads, BatchPool pool, boolean tapping) {
    this.reads = reads;
    this.pool = pool;
    this.tapping = tapping;
    this.wanted = FrameStatistic.of((StructType) column.field().dataType());
    this.type = column.column().dtype().type();
    this.elements = Math.toIntExact(column.region().shape().size());
    this.frame = new StoredElements(column.column().dtype());
    Set<String> absent =
        Arrays.stream(wanted)
            .filter(statistic -> elements == 0 && statistic.absentOfEmpty())
            .map(FrameStatistic::partName)
            .collect(Collectors.toSet());
    this.plan = VectorPlan.struct(column.field(), absent);
  }

  @Override
  public VectorPlan plan() {
    return plan;
  }

  @Override
  public void fill(VectorBuffers buffers, int row, FrameRun run) throws IOException {
    if (!tapping) {
      read(run);
    }
    for (int part = 0; part < wanted.length; part++) {
      // The struct's validity, then each part's validity and data.
      ByteBuffer data = buffers.get(2 * part + 2);
      for (int i = 0, at = part; i < run.frames(); i++, at += wanted.length) {
        data.putDouble((row + i) * Double.BYTES, seen[at]);
      }
    }
    count = 0;
  }

  private void read(FrameRun run) throws IOException {
    int step = reads.pieceFrames(run.frames());
    ByteBuffer piece = pool.scratch(step * reads.frameBytes());
    for (long from = run.from(); from < run.to(); from += step) {
      long to = Math.min(run.to(), from + step);
      piece.position(0).limit((int) (to - from) * reads.frameBytes());
      reads.read(run, from, to, piece);
      frames(piece.flip(), (int) (to - from));
    }
  }

  @Override
  public void frames(ByteBuffer stored, int frames) {
    int values = Math.multiplyExact(count + frames, wanted.length);
    if (values > seen.length) {
      seen = Arrays.copyOf(seen, Math.max(values, 2 * seen.length));
    }
    frame.take(stored);
    for (int i = 0; i < frames; i++) {
      frame.stand(i * elements);
      reduce((count + i) * wanted.length);
    }
    count += frames;
  }

  private void reduce(int at) {
    double sum = Double.NaN;
    for (FrameStatistic statistic : wanted) {
      if (!statistic.absentOfEmpty()) {
        sum = statistics.sum(type, frame, elements);
        break;
      }
    }
    double mean = sum / elements;
    for (int i = 0; i < wanted.length; i++) {
      seen[at + i] =
          switch (wanted[i]) {
            case SUM -> sum;
            case MEAN -> mean;
            case STD -> statistics.deviation(type, frame, elements, mean);
            case MIN -> extreme(false);
            case MAX -> extreme(true);
          };
    }
  }

  private double extreme(boolean greatest) {
    return elements == 0 ? Double.NaN : statistics.extremeAsDouble(greatest, type, frame, elements);
  }
}
