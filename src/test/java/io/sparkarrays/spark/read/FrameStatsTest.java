// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.RandomDataSet;
import io.sparkarrays.spark.catalog.ArraysCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Column {@code _stats} against the SQL functions over the same table's frames. */
class FrameStatsTest {

  private static final int PARTITIONS = 4;

  /** What the functions give for the frame of a row. */
  private static final String FUNCTIONS =
      "arrays.frame_sum(frame), CAST(arrays.frame_min(frame) AS DOUBLE),"
          + " CAST(arrays.frame_max(frame) AS DOUBLE), arrays.frame_mean(frame),"
          + " arrays.frame_std(frame)";

  @TempDir Path folder;
  private PartitionStructure structure;

  @BeforeEach
  void functions() {
    LocalSpark.session().conf().set("spark.sql.catalog.arrays", ArraysCatalog.class.getName());
  }

  /** Writes 12 frames in 4 partitions, of which the third is left out if so wanted. */
  private void write(Dtype dtype, Shape frame, boolean complete) throws IOException {
    structure = PartitionStructure.even(Shape.of(4, 3), frame, dtype, PARTITIONS);
    byte[] bytes = RandomDataSet.content(new Random(dtype.hashCode()), structure);
    ClusterDataSet written = ClusterDataSet.create(folder.resolve("scan"), structure);
    int each = bytes.length / PARTITIONS;
    for (int i = 0; i < PARTITIONS; i++) {
      if (complete || i != 2) {
        byte[] part = Arrays.copyOfRange(bytes, i * each, (i + 1) * each);
        Files.write(written.partition(i).path(), part);
      }
    }
  }

  private Dataset<Row> read(Map<String, String> options) {
    return LocalSpark.session()
        .read()
        .format("clusterdata")
        .options(options)
        .load(folder.resolve("scan").toString());
  }

  private static List<Row> rows(Dataset<Row> table, String... columns) {
    return table.selectExpr(columns).orderBy("frame_index").collectAsList();
  }

  /** The same rows without us. */
  private static Dataset<Row> hold(Dataset<Row> table) {
    return LocalSpark.session().createDataFrame(table.collectAsList(), table.schema());
  }

  static Stream<Dtype> realDtypes() {
    return Arrays.stream(ElementType.values())
        .filter(type -> type.components() == 1)
        .flatMap(type -> Stream.of(Dtype.of(type), new Dtype(type, true)))
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("realDtypes")
  void numbersAreThoseOfTheFunctions(Dtype dtype) throws IOException {
    write(dtype, Shape.of(7, 5), false);
    for (String region : List.of("0:7,0:5", "2:6,1:3")) {
      Dataset<Row> table = read(Map.of("region", region, "missing", "fill", "batchBytes", "100"));
      Dataset<Row> rows = hold(table);
      List<Row> expected = rows(rows, ("frame_index, " + FUNCTIONS).split(", (?=arrays|CAST)"));
      assertThat(rows(table, "frame_index", "_stats.*")).isEqualTo(expected);
      assertThat(
              rows(table.selectExpr("frame_index", "frame", "_stats"), "frame_index", "_stats.*"))
          .isEqualTo(expected);
      assertThat(
              table
                  .selectExpr("_stats.*", "frame", "frame_index", "scan_1")
                  .collectAsList()
                  .stream()
                  .map(row -> row.getList(5)))
          .isEqualTo(
              rows.select("frame").collectAsList().stream().map(row -> row.getList(0)).toList());
    }
  }

  @Test
  void storedNumbersCountWhateverFormTheFramesHave() throws IOException {
    write(Dtype.parse(">u2"), Shape.of(3, 4), true);
    List<Row> expected = rows(read(Map.of()), "frame_index", "_stats.*");
    assertThat(expected.stream().mapToDouble(row -> row.getDouble(3))).anyMatch(max -> max > 32767);
    for (Map<String, String> options :
        List.of(
            Map.of("unsigned", "signed"), Map.of("frames", "binary"), Map.of("frames", "nested"))) {
      Dataset<Row> table = read(options);
      assertThat(rows(table, "frame_index", "_stats.*")).isEqualTo(expected);
      Dataset<Row> both = table.selectExpr("frame_index", "hash(frame) AS h", "_stats");
      assertThat(rows(both, "frame_index", "_stats.*", "h").stream().map(FrameStatsTest::first6))
          .isEqualTo(expected.stream().map(FrameStatsTest::first6).toList());
    }
  }

  private static List<Object> first6(Row row) {
    return List.of(row.get(0), row.get(1), row.get(2), row.get(3), row.get(4), row.get(5));
  }

  @Test
  void queriesFilterSortAndAggregateByThem() throws IOException {
    write(Dtype.parse("float64"), Shape.of(5), true);
    Dataset<Row> table = read(Map.of("metadataColumns", "_stats"));
    table.createOrReplaceTempView("scan");
    hold(table).createOrReplaceTempView("held");
    for (String query :
        List.of(
            "SELECT frame_index FROM %s WHERE _stats.sum > 0",
            "SELECT frame, frame_index FROM %s WHERE _stats.min < 0 AND frame_index > 2",
            "SELECT frame_index FROM %s ORDER BY _stats.sum DESC LIMIT 3",
            "SELECT max(_stats.max), min(_stats.min), count(_stats), count(_stats.std) FROM %s",
            "SELECT scan_0, max(_stats.mean) FROM %s GROUP BY scan_0 ORDER BY scan_0",
            "SELECT frame_index FROM %s WHERE _stats IS NULL OR _stats.max IS NOT NULL")) {
      List<Row> expected = LocalSpark.session().sql(query.formatted("held")).collectAsList();
      assertThat(LocalSpark.session().sql(query.formatted("scan")).collectAsList())
          .as(query)
          .isEqualTo(expected)
          .isNotEmpty();
    }
  }

  @Test
  void framesAreReadOnceAndOnlyForTheStatistics() throws Exception {
    write(Dtype.parse("uint16"), Shape.of(10, 10), true);
    Dataset<Row> table = read(Map.of());
    for (String columns : List.of("_stats", "frame, _stats", "_stats.sum", "_stats.std, frame")) {
      ScanMetrics shown =
          ScanMetrics.of(() -> table.selectExpr(columns.split(", ")).collectAsList());
      assertThat(shown.value("bytes read")).as(columns).isEqualTo("2.3 KiB");
    }
  }

  @Test
  void plansShowWhatIsReduced() throws IOException {
    write(Dtype.parse("uint16"), Shape.of(10, 10), true);
    read(Map.of("region", "0:5,0:5", "metadataColumns", "_stats")).createOrReplaceTempView("scan");
    Path path = folder.resolve("scan");
    for (Map.Entry<String, String> query :
        Map.of(
                "stats",
                "SELECT frame_index, _stats.mean FROM scan WHERE _stats.max > 5 AND scan_0 = 2",
                "stats-top",
                "SELECT frame_index FROM scan ORDER BY _stats.sum DESC LIMIT 3")
            .entrySet()) {
      GoldenPlan.check(query.getKey(), LocalSpark.session().sql(query.getValue()), path);
    }
  }

  @Test
  void viewsHaveThemByOption() throws IOException {
    write(Dtype.parse("uint16"), Shape.of(2, 2), true);
    Dataset<Row> table = read(Map.of("metadataColumns", "_stats"));
    assertThat(table.columns()).endsWith("frame", "_stats");
    table.createOrReplaceTempView("with_stats");
    List<Row> expected = rows(read(Map.of()), "frame_index", "_stats.sum");
    assertThat(
            LocalSpark.session()
                .sql("SELECT frame_index, _stats.sum FROM with_stats ORDER BY frame_index")
                .collectAsList())
        .isEqualTo(expected);
  }

  @Test
  void complexFramesHaveNone() throws IOException {
    write(Dtype.parse("complex64"), Shape.of(2, 2), true);
    assertThatThrownBy(() -> read(Map.of()).select("_stats"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("_stats");
    assertThat(
            assertRefused(
                ErrorCode.OPTION_INVALID, () -> read(Map.of("metadataColumns", "_stats"))))
        .contains(
            "no metadata column '_stats' without exactly one column of frames of real numbers",
            "_file, _dataset, _offset, _partition");
  }
}
