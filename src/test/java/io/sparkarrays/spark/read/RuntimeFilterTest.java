// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FrameSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames that a join or a subquery rules out while the query runs are not read. */
class RuntimeFilterTest {

  private static final String NO_FILTERS = "spark.sql.optimizer.dynamicPartitionPruning.enabled";

  @TempDir Path folder;
  private FilesByKey files;

  @BeforeEach
  void write() throws IOException {
    files = new FilesByKey(folder.resolve("scan"));
  }

  /**
   * A small table of frames. Its filter is what makes Spark think of the large table, where a local
   * relation would be filtered before that. It is sent to all tasks, which Spark would decide by
   * itself if the other table weren't as small as it is here.
   */
  private Dataset<Row> good(SparkSession spark, String column, String values) {
    String path = folder.resolve("good").toString();
    spark
        .sql("SELECT * FROM VALUES " + values + " AS good(" + column + ", quality)")
        .write()
        .mode("overwrite")
        .parquet(path);
    return spark.read().parquet(path).filter("quality > 0.5").select(column).hint("broadcast");
  }

  /** Rows of a query, and what its scan of the frames read by its metrics. */
  private record Answer(List<Row> rows, ScanMetrics scan) {}

  private static Answer run(Dataset<Row> query) throws Exception {
    List<Row> rows = new ArrayList<>();
    ScanMetrics metrics = ScanMetrics.of(() -> rows.addAll(query.collectAsList()));
    rows.sort(Comparator.comparing(Row::toString));
    return new Answer(rows, metrics);
  }

  @Test
  void joinsReadOnlyTheFramesOfTheSmallSide() throws Exception {
    SparkSession spark = FilesByKey.session();
    Dataset<Row> joined =
        files
            .frames(spark, 2)
            .join(
                good(spark, "frame_index", "(3L, 1), (4L, 0), (14L, 1), (NULL, 1)"), "frame_index");
    Answer answer = run(joined.select("frame_index", "frame"));
    assertThat(answer.rows()).extracting(r -> r.getLong(0)).containsExactlyInAnyOrder(3L, 14L);
    assertThat(answer.rows()).allMatch(r -> r.<Short>getList(1).get(0) == (short) r.getLong(0));
    assertThat(answer.scan().value("frames read")).isEqualTo("2");
    assertThat(answer.scan().value("files pruned")).isEqualTo("2");
    assertThat(answer.scan().value("frames pruned")).isEqualTo("22");
  }

  @Test
  void filesThatAJoinRulesOutNeedNotExist() throws Exception {
    SparkSession spark = FilesByKey.session();
    for (int file = 0; file < FilesByKey.FILES; file++) {
      if (file != 2) {
        Files.delete(files.file(file));
      }
    }
    Dataset<Row> joined =
        files.frames(spark, 0).join(good(spark, "scan_0", "(2L, 1), (3L, 0)"), "scan_0");
    assertThat(joined.select("frame_index", "frame").collectAsList())
        .extracting(r -> r.getLong(0))
        .containsExactlyInAnyOrder(12L, 13L, 14L, 15L, 16L, 17L);
  }

  @Test
  void joinsByFileReadOnlyItsFrames() throws Exception {
    for (String column : new String[] {"_file", "_partition"}) {
      SparkSession spark = FilesByKey.session();
      String value = column.equals("_file") ? "'" + files.file(1) + "'" : "1";
      Dataset<Row> joined =
          files
              .frames(spark, 2)
              .select(column, "frame_index", "frame")
              .join(good(spark, column, "(" + value + ", 1)"), column);
      Answer answer = run(joined.select("frame_index", "frame"));
      assertThat(answer.rows())
          .extracting(r -> r.getLong(0))
          .containsExactlyInAnyOrder(6L, 7L, 8L, 9L, 10L, 11L);
      assertThat(answer.scan().value("frames read")).isEqualTo("6");
      assertThat(answer.scan().value("files pruned")).isEqualTo("3");
      assertThat(answer.scan().value("splits")).isEqualTo("3");
    }
  }

  /** A list that costs more to look at than it can save is left to the join. */
  @Test
  void longListsArePassedOver() {
    FrameSource source = new PlainSource(Shape.of(100), 1, Shape.of(1));
    TableSchema schema = TableSchema.of(source, ReadOptions.of(Map.of("path", "/data")));
    RuntimeFilter filter = new RuntimeFilter(new FramePredicates(schema, source));
    FrameIntervals all = FrameIntervals.of(0, 100);
    assertThat(filter.frames(all, in(5, 7))).isEqualTo(FrameIntervals.ofIndexes(5, 7));
    assertThat(filter.frames(all, in(5, 7, 9), in(7, 8, 9)))
        .isEqualTo(FrameIntervals.ofIndexes(7, 9));
    assertThat(filter.frames(all, in())).isEqualTo(FrameIntervals.EMPTY);
    long[] many = LongStream.range(0, RuntimeFilter.MAX_VALUES).map(i -> 3).toArray();
    assertThat(filter.frames(all, in(many), in(3, 5))).isEqualTo(FrameIntervals.ofIndexes(3, 5));
  }

  private static Predicate in(long... values) {
    return new Predicate(
        "IN",
        Stream.concat(
                Stream.of(Expressions.column("frame_index")),
                LongStream.of(values).mapToObj(Expressions::literal))
            .toArray(Expression[]::new));
  }

  @Test
  void aSubquerysResultIsAPredicate() throws Exception {
    SparkSession spark = FilesByKey.session();
    files.frames(spark, 0).createOrReplaceTempView("frames");
    good(spark, "frame_index", "(3L, 1), (4L, 0)").createOrReplaceTempView("good");
    Answer answer =
        run(
            spark.sql(
                "SELECT frame FROM frames"
                    + " WHERE frame_index = (SELECT max(frame_index) FROM good)"));
    assertThat(answer.rows()).hasSize(1);
    assertThat(answer.scan().value("frames read")).isEqualTo("1");
  }

  /** The first rows are taken before the join, whatever the join drops. */
  @Test
  void aLimitBelowTheJoinCountsAllRows() throws Exception {
    SparkSession spark = FilesByKey.session();
    Dataset<Row> limited = files.frames(spark, 0).limit(5);
    Answer answer =
        run(
            limited
                .join(good(spark, "frame_index", "(3L, 1), (9L, 1)"), "frame_index")
                .select("frame_index", "frame"));
    assertThat(answer.rows()).extracting(r -> r.getLong(0)).containsExactly(3L);
    assertThat(answer.scan().value("frames read")).isEqualTo("1");
  }

  /** Spark has laid out tasks by file before the filter comes. */
  @Test
  void splitsByFileStayThoseThatWerePlanned() throws Exception {
    for (int framesPerSplit : new int[] {0, 2}) {
      List<List<Row>> results = new ArrayList<>();
      for (String pruning : new String[] {"true", "false"}) {
        SparkSession spark = FilesByKey.session(NO_FILTERS, pruning);
        Dataset<Row> counted =
            files
                .frames(spark, framesPerSplit)
                .select("_file", "frame_index", "frame")
                .join(
                    good(spark, "frame_index", "(3L, 1), (4L, 1), (5L, 1), (14L, 1), (15L, 0)"),
                    "frame_index")
                .groupBy("_file")
                .count();
        assertThat(counted.queryExecution().executedPlan().toString())
            .contains("partitioned by: _file");
        Answer answer = run(counted);
        results.add(answer.rows());
        assertThat(answer.rows()).extracting(r -> r.getLong(1)).containsExactly(3L, 1L);
        assertThat(answer.scan().value("frames read"))
            .isEqualTo(pruning.equals("true") ? "4" : "24");
      }
      assertThat(results.get(0)).isEqualTo(results.get(1));
    }
  }

  @Test
  void nothingIsReadForAnEmptySide() throws Exception {
    SparkSession spark = FilesByKey.session();
    Dataset<Row> joined =
        files.frames(spark, 0).join(good(spark, "frame_index", "(3L, 0)"), "frame_index");
    assertThat(joined.collectAsList()).isEmpty();
  }
}
