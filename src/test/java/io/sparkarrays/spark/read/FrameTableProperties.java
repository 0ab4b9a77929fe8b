// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.FrameLayout;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.RandomDataSet;
import io.sparkarrays.spark.TempFolder;
import io.sparkarrays.spark.options.FrameForm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;

/** Whatever is asked of a data set through Spark, the rows are what plain indexing gives. */
class FrameTableProperties {

  /** A read of a random data set under random options. */
  private static final class Case {
    final RandomDataSet data;
    final Shape scan;
    final Hyperslab region;
    final boolean skips;
    final Dataset<Row> frames;

    Case(Random random, TempFolder folder) {
      boolean lacks = random.nextInt(3) == 0;
      data = RandomDataSet.write(random, folder.path().resolve("a scan é"), lacks);
      scan = data.structure().scan();
      skips = lacks && random.nextBoolean();
      Shape frame = data.structure().frame();
      region = random.nextBoolean() ? Hyperslab.all(frame) : box(random, frame);
      FrameForm form = FrameForm.values()[random.nextInt(FrameForm.values().length)];
      DataFrameReader reader =
          LocalSpark.session()
              .read()
              .format("clusterdata")
              .option("frames", form.name().toLowerCase(Locale.ROOT))
              .option("unsigned", random.nextBoolean() ? "signed" : "widen")
              .option("maxPartitionBytes", 1 + random.nextInt(2000))
              .option("batchBytes", 1 + random.nextInt(1000));
      if (lacks) {
        reader.option("missing", skips ? "skip" : "fill");
      }
      if (!region.isAll(frame)) {
        reader.option("region", region.toString());
      }
      frames = reader.load(data.path().toString());
    }

    private static Hyperslab box(Random random, Shape frame) {
      long[] start = new long[frame.rank()];
      long[] count = new long[frame.rank()];
      for (int axis = 0; axis < start.length; axis++) {
        start[axis] = random.nextInt((int) frame.dim(axis));
        count[axis] = 1 + random.nextInt((int) (frame.dim(axis) - start[axis]));
      }
      return Hyperslab.of(start, count);
    }

    /** The names of the index columns. */
    String[] columns() {
      String[] names = frames.columns();
      return Arrays.copyOf(names, scan.rank() < 2 ? 1 : 1 + scan.rank());
    }

    /** What the index columns of a frame hold. */
    long[] row(long frame) {
      FrameLayout layout = data.structure().layout();
      long[] row = new long[columns().length];
      row[0] = frame;
      for (int axis = 0; axis + 1 < row.length; axis++) {
        row[axis + 1] = layout.coordinate(frame, axis);
      }
      return row;
    }

    long[] extents() {
      long[] extents = new long[columns().length];
      extents[0] = scan.size();
      for (int axis = 0; axis + 1 < extents.length; axis++) {
        extents[axis + 1] = scan.dim(axis);
      }
      return extents;
    }

    List<Long> matching(RandomCondition condition) {
      return LongStream.range(0, scan.size())
          .filter(frame -> !skips || data.has(frame))
          .filter(frame -> condition.passes(row(frame)))
          .boxed()
          .toList();
    }

    /** Checks each row by itself and returns the frames that they are. */
    List<Long> check(InternalRow[] rows) {
      DataType type = frames.schema().fields()[columns().length].dataType();
      List<Long> seen = new ArrayList<>();
      for (InternalRow row : rows) {
        long frame = row.getLong(0);
        seen.add(frame);
        long[] expected = row(frame);
        for (int i = 0; i < expected.length; i++) {
          assertThat(row.getLong(i)).isEqualTo(expected[i]);
        }
        assertThat(StoredFrames.actual(row, expected.length, type))
            .isEqualTo(data.stored().expected(frame, region, type));
      }
      return seen;
    }
  }

  private static InternalRow[] collect(Dataset<Row> frames) {
    return frames.queryExecution().executedPlan().executeCollect();
  }

  @Property(tries = 40)
  void rowsAreWhatIndexingGives(@ForAll Random random) throws IOException {
    try (TempFolder folder = TempFolder.create()) {
      Case given = new Case(random, folder);
      RandomCondition condition =
          RandomCondition.of(random, given.columns(), given.extents(), random.nextInt(4));
      Dataset<Row> wanted = given.frames.filter(condition.sql());
      assertThat(given.check(collect(wanted)))
          .as(condition.sql())
          .containsExactlyInAnyOrderElementsOf(given.matching(condition));
      assertThat(wanted.count()).isEqualTo(given.matching(condition).size());
    }
  }

  @Property(tries = 25)
  void limitGivesSoManyOfTheMatchingRows(@ForAll Random random) throws IOException {
    try (TempFolder folder = TempFolder.create()) {
      Case given = new Case(random, folder);
      RandomCondition condition =
          RandomCondition.of(random, given.columns(), given.extents(), random.nextInt(2));
      int limit = random.nextInt((int) given.scan.size() + 3);
      int offset = random.nextInt(3) == 0 ? random.nextInt(5) : 0;
      List<Long> matching = given.matching(condition);
      Dataset<Row> filtered = given.frames.filter(condition.sql());
      Dataset<Row> limited = (offset > 0 ? filtered.offset(offset) : filtered).limit(limit);
      List<Long> seen = given.check(collect(limited));
      assertThat(seen).hasSize(Math.min(limit, Math.max(0, matching.size() - offset)));
      assertThat(new HashSet<>(seen)).hasSize(seen.size());
      assertThat(matching).containsAll(seen);
    }
  }

  @Property(tries = 10)
  void columnsComeInAnyOrderAndNumber(@ForAll Random random) throws IOException {
    try (TempFolder folder = TempFolder.create()) {
      Case given = new Case(random, folder);
      int frameAt = given.columns().length;
      DataType type = given.frames.schema().fields()[frameAt].dataType();
      InternalRow[] rows =
          collect(given.frames.selectExpr("frame", "_partition", "frame_index", "_offset"));
      assertThat(rows).hasSize(given.matching(new RandomCondition("", r -> true)).size());
      for (InternalRow row : rows) {
        long frame = row.getLong(2);
        int partition = given.data.structure().partitionOf(frame);
        assertThat(row.getInt(1)).isEqualTo(partition);
        assertThat(row.getLong(3)).isEqualTo(frame - given.data.structure().from(partition));
        assertThat(StoredFrames.actual(row, 0, type))
            .isEqualTo(given.data.stored().expected(frame, given.region, type));
      }
    }
  }
}
