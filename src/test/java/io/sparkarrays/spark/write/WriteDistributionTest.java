// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static io.sparkarrays.spark.write.SavedFrames.assertHolds;
import static io.sparkarrays.spark.write.SavedFrames.expected;
import static io.sparkarrays.spark.write.SavedFrames.onDisk;
import static io.sparkarrays.spark.write.SavedFrames.rows;
import static io.sparkarrays.spark.write.SavedFrames.writer;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.TempFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.util.QueryExecutionListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How rows get to the tasks that write them, and that they may come there in any order. */
class WriteDistributionTest {

  /** Elements of a frame that is large enough not to be sorted. */
  private static final int LARGE = 1 << 14;

  @TempDir private Path folder;

  private Path path() {
    return folder.resolve("scan");
  }

  /** Frames 0:12 of many int32, of which the first is {@code base + 10 × frame_index}. */
  private static Dataset<Row> largeRows(int base) {
    return rows(0, 12, base)
        .selectExpr(
            "frame_index",
            "transform(sequence(0, " + (LARGE - 1) + "), k -> frame[0] + cast(k AS int)) AS frame");
  }

  private static DataFrameWriter<Row> largeWriter(Dataset<Row> rows) {
    return writer(rows, "append").option("frameShape", LARGE);
  }

  private static List<List<Integer>> expectedLarge(int base) {
    List<List<Integer>> frames = new ArrayList<>();
    for (int frame = 0; frame < 12; frame++) {
      List<Integer> values = new ArrayList<>();
      for (int i = 0; i < LARGE; i++) {
        values.add(base + 10 * frame + i);
      }
      frames.add(values);
    }
    return frames;
  }

  /** The plan that Spark ran for an action. */
  private static String planOf(Runnable action) throws Exception {
    AtomicReference<String> plan = new AtomicReference<>("");
    QueryExecutionListener listener =
        new QueryExecutionListener() {
          @Override
          public void onSuccess(String name, QueryExecution query, long nanos) {
            plan.updateAndGet(before -> before + query.executedPlan());
          }

          @Override
          public void onFailure(String name, QueryExecution query, Exception failure) {
            throw new AssertionError(failure);
          }
        };
    SparkSession spark = LocalSpark.session();
    spark.listenerManager().register(listener);
    try {
      action.run();
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } finally {
      spark.listenerManager().unregister(listener);
    }
    assertThat(plan.get()).contains("AppendData");
    return plan.get();
  }

  private static String plan(DataFrameWriter<Row> write, Path path) throws Exception {
    return planOf(() -> write.save(path.toString()));
  }

  @Property(tries = 10)
  void largeFramesInAnyOrder(@ForAll Random random) throws IOException {
    try (TempFolder temp = TempFolder.create()) {
      Path path = temp.path().resolve("scan");
      Dataset<Row> rows =
          largeRows(7)
              .repartition(1 + random.nextInt(5))
              .sortWithinPartitions(functions.rand(random.nextLong()));
      largeWriter(rows).save(path.toString());
      assertThat(onDisk(path)).isEqualTo(expectedLarge(7));
      assertHolds(temp.path(), "scan");
    }
  }

  @Test
  void largeFramesDoubledOrMissing() throws IOException {
    Dataset<Row> shuffled = largeRows(0).orderBy(functions.rand(3));
    Dataset<Row> doubled = shuffled.union(largeRows(5).filter("frame_index = 4"));
    assertThat(
            assertRefused(
                ErrorCode.FRAME_DOUBLED, () -> largeWriter(doubled).save(path().toString())))
        .contains("frame 4", "partition 1");
    Dataset<Row> missing = shuffled.filter("frame_index not in (6, 8)");
    assertThat(
            assertRefused(
                ErrorCode.FRAMES_MISSING, () -> largeWriter(missing).save(path().toString())))
        .contains("partition 2", "[6:7, 8:9]");
    assertHolds(folder);
  }

  @Test
  void onlySmallFramesAreSorted() throws Exception {
    assertThat(plan(writer(rows(0, 12, 0), "append"), folder.resolve("small")))
        .contains("Exchange", "Sort");
    assertThat(plan(largeWriter(largeRows(0)), folder.resolve("large")))
        .contains("Exchange")
        .doesNotContain("Sort");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void withoutDistributionNothingIsMoved(int tasks) throws Exception {
    // A task has 12, 6 or 3 frames: one partition or several, in turned order.
    Dataset<Row> rows =
        LocalSpark.session()
            .range(0, 12, 1, tasks)
            .selectExpr("11 - id AS frame_index")
            .selectExpr(
                "frame_index",
                "transform(array(0, 1, 2), k -> cast(10 * frame_index + k AS int)) AS frame");
    assertThat(plan(writer(rows, "append").option("distribution", "none"), path()))
        .doesNotContain("Exchange", "Sort");
    assertThat(onDisk(path())).isEqualTo(expected(12, 0, frame -> true));
  }

  @Test
  void whatWasReadIsWrittenWithoutDistribution() throws Exception {
    writer(rows(0, 12, 7), "append").save(path().toString());
    Dataset<Row> read = LocalSpark.session().read().format("clusterdata").load(path().toString());
    Path copy = folder.resolve("copy");
    assertThat(plan(writer(read, "append").option("distribution", "none"), copy))
        .doesNotContain("Exchange", "Sort");
    assertThat(onDisk(copy)).isEqualTo(expected(12, 7, frame -> true));
  }

  @Test
  void partitionsThatAreCutBetweenTasksAreRefused() throws IOException {
    // Three tasks of four frames for partitions of three.
    DataFrameWriter<Row> cut = writer(rows(0, 12, 0), "append").option("distribution", "none");
    assertThat(assertRefused(ErrorCode.FRAMES_MISSING, () -> cut.save(path().toString())))
        .contains("distribution = none");
    assertHolds(folder);
  }

  @Test
  void partitionsThatTwoTasksHaveAreRefused() throws IOException {
    Dataset<Row> twice =
        LocalSpark.session()
            .range(0, 24, 1, 2)
            .selectExpr("id % 12 AS frame_index", "array(1, 2, 3) AS frame");
    DataFrameWriter<Row> write = writer(twice, "append").option("distribution", "none");
    assertThat(assertRefused(ErrorCode.FRAME_DOUBLED, () -> write.save(path().toString())))
        .contains("partition", "two tasks");
    assertHolds(folder);
  }

  @Test
  void tooManyPartitionsBegunInOneTaskAreRefused() throws IOException {
    int files = ArrayDataWriter.MAX_BEGUN + 1;
    // The first frame of every partition, then the second.
    Dataset<Row> scattered =
        LocalSpark.session()
            .range(0, 2 * files, 1, 1)
            .selectExpr(
                "id % " + files + " * 2 + id div " + files + " AS frame_index",
                "array(cast(id AS int)) AS frame");
    DataFrameWriter<Row> write =
        scattered
            .write()
            .format("clusterdata")
            .option("scanShape", 2 * files)
            .option("frameShape", 1)
            .option("partitions", files);
    assertThat(
            assertRefused(
                ErrorCode.FRAMES_MISSING,
                () -> write.option("distribution", "none").mode("append").save(path().toString())))
        .contains("32 partitions");
    assertHolds(folder);
    write.option("distribution", "hash").mode("append").save(path().toString());
    assertThat(onDisk(path())).hasSize(2 * files).doesNotContainNull();
  }
}
