// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Spark makes of the partitioning and ordering that a scan reports: shuffles and sorts that
 * are not needed are not there, and the rows are those of a session that believes nothing.
 */
class ReportedPlansTest {

  private static final String BUCKETING = "spark.sql.sources.v2.bucketing.";
  private static final String NO_BROADCAST = "spark.sql.autoBroadcastJoinThreshold";

  @TempDir static Path folder;
  private static FilesByKey files;

  @BeforeAll
  static void write() throws IOException {
    files = new FilesByKey(folder.resolve("scan"));
  }

  /** A session with the settings that {@code spark_arrays.session()} makes. */
  private static SparkSession ours() {
    return FilesByKey.session(
        NO_BROADCAST, "-1", BUCKETING + "preserveKeyOrderingOnCoalesce.enabled", "true");
  }

  private static SparkSession unbelieving() {
    return FilesByKey.session(NO_BROADCAST, "-1", BUCKETING + "enabled", "false");
  }

  /** A query of frames, where no step may stand in its plan. */
  @SuppressWarnings("ImmutableEnumChecker") // the queries are lambdas without state
  enum Query {
    GROUP_BY_FILE(
        (a, b) ->
            a.groupBy("_file")
                .agg(functions.min("frame_index"), functions.expr("sum(frame[0])").as("sum"))),
    GROUP_BY_PARTITION((a, b) -> a.groupBy("_partition").agg(functions.expr("sum(frame[0])"))),
    JOIN_BY_FILE(
        (a, b) ->
            a.selectExpr("_file", "frame_index AS a", "frame[0] AS x")
                .join(b.selectExpr("_file", "frame_index AS b", "frame[0] AS y"), "_file")),
    JOIN_OF_TWO_PARTS(
        (a, b) ->
            a.filter("scan_0 < 3")
                .selectExpr("_file", "frame_index AS a")
                .join(b.filter("scan_0 > 0").selectExpr("_file", "frame_index AS b"), "_file")),
    WINDOW_BY_FILE(
        (a, b) ->
            a.selectExpr(
                "_file",
                "frame_index",
                "frame[0] AS x",
                "row_number() OVER (PARTITION BY _file ORDER BY frame_index) AS n",
                "lag(frame[0]) OVER (PARTITION BY _file ORDER BY frame_index) AS before"));

    private final BiFunction<Dataset<Row>, Dataset<Row>, Dataset<Row>> query;

    Query(BiFunction<Dataset<Row>, Dataset<Row>, Dataset<Row>> query) {
      this.query = query;
    }

    Dataset<Row> over(SparkSession spark, int framesPerSplit) {
      return query.apply(files.frames(spark, framesPerSplit), files.frames(spark, framesPerSplit));
    }
  }

  private static List<String> rows(Dataset<Row> query) {
    return query.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  @ParameterizedTest
  @EnumSource(Query.class)
  void filesAreNotShuffledOrSorted(Query query) {
    for (int framesPerSplit : new int[] {0, 2}) {
      Dataset<Row> plain = query.over(unbelieving(), framesPerSplit);
      assertThat(plain.queryExecution().executedPlan().toString()).contains("Exchange");
      Dataset<Row> believing = query.over(ours(), framesPerSplit);
      String plan = believing.queryExecution().executedPlan().toString();
      assertThat(plan).doesNotContain("Exchange");
      // The order of frames across the splits of a file is the one that Spark has to make.
      assertThat(plan.contains("Sort ["))
          .isEqualTo(query == Query.WINDOW_BY_FILE && framesPerSplit > 0);
      assertThat(rows(believing)).isNotEmpty().isEqualTo(rows(plain));
    }
  }

  @ParameterizedTest
  @EnumSource(Query.class)
  void explainShowsIt(Query query) throws IOException {
    String name = query.name().toLowerCase(Locale.ROOT).replace('_', '-');
    GoldenPlan.check(name, query.over(ours(), 2), files.path());
  }

  @ParameterizedTest
  @EnumSource(Query.class)
  void withSparksOwnSettingsFilesAreNotShuffled(Query query) {
    Dataset<Row> plain = query.over(unbelieving(), 2);
    Dataset<Row> believing = query.over(FilesByKey.session(NO_BROADCAST, "-1"), 2);
    assertThat(believing.queryExecution().executedPlan().toString()).doesNotContain("Exchange");
    assertThat(rows(believing)).isEqualTo(rows(plain));
  }

  /** Spark 4.2.0 can't send the merge to a task if anything is computed below the window. */
  @Test
  void splitsOfAFileCanBeMergedForAWindow() {
    String sql =
        "SELECT *, row_number() OVER (PARTITION BY _file ORDER BY frame_index) AS n,"
            + " lag(frame) OVER (PARTITION BY _file ORDER BY frame_index) AS before FROM frames";
    List<List<String>> results = new ArrayList<>();
    for (SparkSession spark :
        List.of(
            unbelieving(),
            FilesByKey.session(BUCKETING + "preserveOrderingOnCoalesce.enabled", "true"))) {
      files
          .frames(spark, 2)
          .select("_file", "frame_index", "frame")
          .createOrReplaceTempView("frames");
      Dataset<Row> window = spark.sql(sql);
      assertThat(window.queryExecution().executedPlan().toString().contains("Sort ["))
          .isEqualTo(results.isEmpty());
      results.add(rows(window));
    }
    assertThat(results.get(1)).hasSize(FilesByKey.FRAMES).isEqualTo(results.get(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void framesOfEqualFilesAreJoinedInPlace(int framesPerSplit) {
    List<List<String>> results = new ArrayList<>();
    for (SparkSession spark :
        List.of(
            unbelieving(),
            FilesByKey.session(
                NO_BROADCAST,
                "-1",
                "spark.sql.requireAllClusterKeysForCoPartition",
                "false",
                BUCKETING + "preserveOrderingOnCoalesce.enabled",
                "true"))) {
      Dataset<Row> left = files.frames(spark, framesPerSplit);
      Dataset<Row> right = files.frames(spark, framesPerSplit);
      Dataset<Row> joined =
          left.select("_file", "frame_index", "frame")
              .join(
                  right.select("_file", "frame_index", "scan_1"),
                  new String[] {"_file", "frame_index"});
      String plan = joined.queryExecution().executedPlan().toString();
      if (results.isEmpty()) {
        assertThat(plan).contains("Exchange", "Sort [");
      } else {
        assertThat(plan).doesNotContain("Exchange", "Sort [");
      }
      results.add(rows(joined));
    }
    assertThat(results.get(1)).hasSize(FilesByKey.FRAMES).isEqualTo(results.get(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void rowsWithinSplitsAreKnownToBeInOrder(int framesPerSplit) {
    for (String order : new String[] {"frame_index", "scan_0, scan_1", "scan_0"}) {
      String[] columns = order.split(", ");
      Dataset<Row> sorted =
          files
              .frames(ours(), framesPerSplit)
              .selectExpr(columns)
              .sortWithinPartitions(functions.col(columns[0]));
      assertThat(sorted.queryExecution().executedPlan().toString()).doesNotContain("Sort [");
    }
    // The inner coordinate alone starts anew in every row of the scan.
    Dataset<Row> inner =
        files.frames(ours(), framesPerSplit).select("scan_1").sortWithinPartitions("scan_1");
    assertThat(inner.queryExecution().executedPlan().toString()).contains("Sort [");
    Dataset<Row> outer =
        files
            .frames(ours(), framesPerSplit)
            .select("scan_1", "scan_0")
            .sortWithinPartitions("scan_1");
    assertThat(outer.queryExecution().executedPlan().toString()).contains("Sort [");
  }
}
