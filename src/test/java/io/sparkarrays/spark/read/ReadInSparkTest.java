// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.util.ArrowUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What Spark's operators do with batches: each keeps, copies and closes them in its own way, and no
 * frame may change on the way. Memory that comes back is filled with NaNs.
 */
class ReadInSparkTest {

  private static final int FILES = 8;
  private static final int FRAMES_PER_FILE = 256;
  private static final int FRAMES = FILES * FRAMES_PER_FILE;
  private static final int ELEMENTS = 64;

  @TempDir static Path folder;
  private static SparkSession spark;

  @BeforeAll
  static void start() throws IOException {
    for (int file = 0; file < FILES; file++) {
      ByteBuffer bytes =
          ByteBuffer.allocate(FRAMES_PER_FILE * ELEMENTS * 4).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < FRAMES_PER_FILE * ELEMENTS; i++) {
        bytes.putFloat(file * FRAMES_PER_FILE * ELEMENTS + i);
      }
      Files.write(folder.resolve("frames-" + file), bytes.array());
    }
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 3)
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @AfterEach
  void noMemoryIsLeft() {
    spark.catalog().clearCache();
    assertThat(ArrowUtils.rootAllocator().getChildAllocators())
        .extracting(BufferAllocator::getName)
        .noneMatch(name -> name.equals("poisoned") || name.startsWith("arrays task"));
  }

  private static Dataset<Row> frames() {
    return spark
        .read()
        .format(RawFrames.class.getName())
        .option("dtype", "float32")
        .option("frameShape", "64")
        .option("framesPerFile", FRAMES_PER_FILE)
        .option("batchBytes", 10_000)
        .option("poison", true)
        .load(folder.toString());
  }

  /** One way through Spark; each gives frame_index and frame of some or all frames. */
  @SuppressWarnings("ImmutableEnumChecker") // the queries are lambdas without state
  private enum Way {
    PLAIN(FRAMES, df -> df),
    FILTER(FRAMES / 2, df -> df.filter("frame_index % 2 = 1 AND frame[0] >= 0")),
    LIMIT(100, df -> df.limit(100)),
    SORT(FRAMES, df -> df.orderBy(functions.col("frame_index").desc())),
    TOP(10, df -> df.orderBy(functions.expr("frame[3]").desc()).limit(10)),
    CACHE(FRAMES, df -> df.cache()),
    BROADCAST_JOIN(
        FRAMES, df -> df.select("frame_index").join(functions.broadcast(df), "frame_index")),
    SORT_MERGE_JOIN(FRAMES, df -> df.hint("merge").join(df.select("frame_index"), "frame_index")),
    SHUFFLE(FRAMES, df -> df.repartition(5, functions.col("frame_index"))),
    COALESCE(FRAMES, df -> df.coalesce(1)),
    UNION_COALESCE(2 * FRAMES, df -> df.union(df).coalesce(3)),
    MAX_BY(
        FRAMES / 4,
        df ->
            df.groupBy(functions.expr("frame_index div 4"))
                .agg(
                    functions.max("frame_index").as("frame_index"),
                    functions.expr("max_by(frame, frame_index)").as("frame"))
                .select("frame_index", "frame")),
    COLLECT_LIST(
        FRAMES,
        df ->
            df.groupBy(functions.expr("frame_index % 7"))
                .agg(functions.expr("collect_list(struct(frame_index, frame))").as("all"))
                .selectExpr("inline(all)")),
    POSEXPLODE(
        FRAMES,
        df ->
            df.selectExpr("frame_index", "posexplode(frame) AS (k, x)")
                .groupBy("frame_index")
                .agg(functions.expr("array_sort(collect_list(struct(k, x)))").as("all"))
                .selectExpr("frame_index", "all.x AS frame")),
    WINDOW(
        FRAMES - 1,
        df ->
            df.selectExpr(
                    "frame_index - 1 AS frame_index",
                    "lag(frame) OVER (ORDER BY frame_index) AS frame")
                .filter("frame IS NOT NULL"));

    private final int rows;
    private final UnaryOperator<Dataset<Row>> query;

    Way(int rows, UnaryOperator<Dataset<Row>> query) {
      this.rows = rows;
      this.query = query;
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void everyFrameArrivesUnchanged(Way way) {
    Dataset<Row> query = way.query.apply(frames());
    List<Row> rows = query.collectAsList();
    assertThat(rows).hasSize(way.rows);
    for (Row row : rows) {
      List<Float> frame = row.getList(row.fieldIndex("frame"));
      long first = row.getLong(row.fieldIndex("frame_index")) * ELEMENTS;
      assertThat(frame).hasSize(ELEMENTS);
      for (int i = 0; i < ELEMENTS; i++) {
        assertThat(frame.get(i)).isEqualTo((float) (first + i));
      }
    }
  }

  @Test
  void aCacheThatWasFilledByALimitedReadIsRight() {
    Dataset<Row> cached = frames().cache();
    assertThat(cached.limit(3).collectAsList()).hasSize(3);
    double sum =
        cached
            .selectExpr("sum(aggregate(frame, 0D, (a, x) -> a + x))")
            .collectAsList()
            .get(0)
            .getDouble(0);
    double n = (double) FRAMES * ELEMENTS;
    assertThat(sum).isEqualTo(n * (n - 1) / 2);
  }

  @Test
  void rowsAreCountedAndBytesAreToldToSpark() throws Exception {
    List<Long> bytes = new CopyOnWriteArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            bytes.add(end.taskMetrics().inputMetrics().bytesRead());
          }
        };
    spark.sparkContext().addSparkListener(listener);
    try {
      assertThat(frames().selectExpr("sum(size(frame))").collectAsList().get(0).getLong(0))
          .isEqualTo((long) FRAMES * ELEMENTS);
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } finally {
      spark.sparkContext().removeSparkListener(listener);
    }
    assertThat(bytes.stream().mapToLong(Long::longValue).sum())
        .isGreaterThanOrEqualTo((long) FRAMES * ELEMENTS * 4);
    assertThat(frames().count()).isEqualTo(FRAMES);
  }

  @Test
  void dataFramesKeepTheirColumnOrder() {
    List<Row> rows = frames().select("frame", "frame_index").collectAsList();
    assertThat(rows.stream().map(r -> r.getLong(1)).sorted(Comparator.naturalOrder()).toList())
        .hasSize(FRAMES)
        .startsWith(0L, 1L)
        .endsWith(FRAMES - 1L);
  }
}
