// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.LocalTableScanExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is pushed besides predicates, how it is planned, and that no other file is opened: those are
 * deleted before the query runs. The data set has 20 partitions of 5 frames of 4 bytes.
 */
class PushDownTest {

  private static final int PARTITIONS = 20;

  @TempDir Path folder;
  private Path path;
  private ClusterDataSet dataSet;

  @BeforeEach
  void write() throws IOException {
    path = folder.resolve("scan");
    dataSet = write(path, IntStream.range(0, PARTITIONS).toArray());
    frames(path, "fail").createOrReplaceTempView("scan");
  }

  private static ClusterDataSet write(Path path, int... partitions) throws IOException {
    ClusterDataSet dataSet =
        ClusterDataSet.create(
            path,
            PartitionStructure.even(
                Shape.of(4, 25), Shape.of(4), Dtype.parse("uint8"), PARTITIONS));
    for (int partition : partitions) {
      Files.write(dataSet.partition(partition).path(), new byte[5 * 4]);
    }
    return dataSet;
  }

  private static Dataset<Row> frames(Path path, String missing) {
    return LocalSpark.session()
        .read()
        .format("clusterdata")
        .option("missing", missing)
        .option("metadataColumns", "_file,_partition,_dataset,_offset")
        .load(path.toString());
  }

  private static Dataset<Row> sql(String text) {
    return LocalSpark.session().sql(text);
  }

  private void deleteAllBut(Integer... partitions) throws IOException {
    for (int i = 0; i < PARTITIONS; i++) {
      if (!Set.of(partitions).contains(i)) {
        Files.delete(dataSet.partition(i).path());
      }
    }
  }

  private static SparkPlan leaf(Dataset<Row> query) {
    SparkPlan plan = query.queryExecution().executedPlan();
    while (!plan.children().isEmpty()) {
      assertThat(plan.children().size()).isEqualTo(1);
      plan = plan.children().head();
    }
    return plan;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "offset        | SELECT frame FROM scan WHERE frame_index > 50 OFFSET 10",
        "limit-offset  | SELECT frame FROM scan LIMIT 5 OFFSET 10",
        "top           | SELECT frame_index, frame FROM scan ORDER BY frame_index DESC LIMIT 3",
        "top-position  | SELECT scan_0 FROM scan ORDER BY scan_1 DESC, scan_0 LIMIT 6 OFFSET 2",
        "top-refused   | SELECT frame FROM scan ORDER BY scan_0, frame[1] LIMIT 3",
        "metadata      | SELECT frame FROM scan WHERE _partition IN (1, 2) AND _offset = 3 AND"
            + " _dataset LIKE '%scan'",
        "count         | SELECT count(*) FROM scan",
        "bounds        | SELECT min(frame_index), max(scan_0) FROM scan WHERE scan_1 > 7",
        "count-by-file | SELECT _partition, count(*) FROM scan WHERE scan_0 = 1 GROUP BY"
            + " _partition",
        "sample        | SELECT frame FROM scan TABLESAMPLE (5 PERCENT) REPEATABLE (7)",
        "count-refused | SELECT count(DISTINCT scan_0) FROM scan",
      })
  void explainShowsWhatIsPushed(String name, String sql) throws IOException {
    GoldenPlan.check(name, sql(sql), path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT frame_index, frame FROM scan ORDER BY frame_index DESC LIMIT 3     | 99 98 97 | 19",
        "SELECT frame_index, frame FROM scan OFFSET 97                             | 97 98 99 | 19",
        "SELECT frame_index, frame FROM scan LIMIT 2 OFFSET 9                      | 9 10     | 1"
            + " 2",
        "SELECT frame_index, frame FROM scan ORDER BY scan_1, scan_0 DESC LIMIT 2  | 75 50    | 10"
            + " 15",
        "SELECT frame_index, frame FROM scan WHERE _partition = 7 AND _offset > 2  | 38 39    | 7",
      })
  void onlyTheseFramesAreRead(String sql, String indexes, String partitions) throws IOException {
    Dataset<Row> query = sql(sql);
    BatchScanExec scan = (BatchScanExec) leaf(query);
    assertThat(scan.inputPartitions()).isNotNull();
    deleteAllBut(
        Arrays.stream(partitions.split(" ")).map(Integer::valueOf).toArray(Integer[]::new));
    InternalRow[] rows = query.queryExecution().executedPlan().executeCollect();
    List<String> expected = List.of(indexes.split(" "));
    assertThat(rows).extracting(row -> Long.toString(row.getLong(0))).isEqualTo(expected);
    assertThat(scan.metrics().apply("framesRead").value()).isEqualTo(expected.size());
    assertThat(scan.metrics().apply("bytesRead").value()).isEqualTo(4L * expected.size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT count(*) FROM scan                              | [100]",
        "SELECT min(frame_index) FROM scan                      | [0]",
        "SELECT max(scan_0), count(frame) FROM scan             | [3,100]",
        "SELECT max(scan_1) FROM scan WHERE frame_index < 20    | [19]",
        "SELECT count(*), min(scan_0) FROM scan WHERE scan_0 < 0 | [0,null]",
        "SELECT count(*) FROM scan WHERE _file LIKE '%/nowhere%' | [0]",
        "SELECT min(scan_1) FROM scan WHERE _partition = 6      | [5]",
        "SELECT _dataset, count(*) FROM scan GROUP BY _dataset  | [clusterdata PATH,100]",
      })
  void theDriverAnswersWithoutAFile(String sql, String answer) throws IOException {
    Dataset<Row> query = sql(sql);
    assertThat(leaf(query)).isInstanceOf(LocalTableScanExec.class);
    deleteAllBut();
    assertThat(query.collectAsList())
        .extracting(Row::toString)
        .containsExactly(answer.replace("PATH", path.toString()));
  }

  @Test
  void aSystemSampleTakesWholeFiles() {
    Dataset<Row> query = sql("SELECT _partition, frame FROM scan TABLESAMPLE SYSTEM (50 PERCENT)");
    assertThat(query.queryExecution().executedPlan().toString())
        .contains("pushed: [SAMPLE SYSTEM [0.0, 0.5) SEED ");
    Map<Integer, Long> frames =
        query.collectAsList().stream()
            .collect(Collectors.groupingBy(row -> row.getInt(0), Collectors.counting()));
    assertThat(frames.values()).allMatch(count -> count == 5);
  }

  @Test
  void groupsWithoutFramesHaveNoRow() {
    assertThat(sql("SELECT _file, count(*) FROM scan WHERE scan_0 < 0 GROUP BY _file").count())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*) FROM lacking",
        "SELECT max(frame_index) FROM lacking WHERE _partition > 3",
        "SELECT _partition, count(*) FROM lacking GROUP BY _partition"
      })
  void aMissingPartitionIsMissedAsInARead(String sql) throws IOException {
    Path some = folder.resolve("some");
    write(some, 3, 7);
    frames(some, "fail").createOrReplaceTempView("lacking");
    assertRefused(ErrorCode.PARTITION_MISSING, () -> sql(sql).collectAsList());
  }

  @Test
  void whatIsNotWantedIsNotMissed() throws IOException {
    Path some = folder.resolve("some");
    write(some, 3, 7);
    frames(some, "fail").createOrReplaceTempView("lacking");
    assertThat(sql("SELECT count(*) FROM lacking WHERE _partition IN (3, 7)").head().getLong(0))
        .isEqualTo(10);
  }

  @Test
  void skippedFramesAreNotTakenForRows() throws IOException {
    Path some = folder.resolve("some");
    write(some, 3, 7, 8);
    frames(some, "skip").createOrReplaceTempView("lacking");
    assertThat(indexes("SELECT frame_index, frame FROM lacking LIMIT 2 OFFSET 4"))
        .containsExactly(19L, 35L);
    assertThat(indexes("SELECT frame_index, frame FROM lacking ORDER BY scan_1 DESC LIMIT 2"))
        .containsExactlyInAnyOrder(19L, 44L);
    assertThat(sql("SELECT count(*), min(frame_index) FROM lacking").head().toString())
        .isEqualTo("[15,15]");
    frames(some, "fill").createOrReplaceTempView("lacking");
    assertThat(sql("SELECT count(*) FROM lacking").head().getLong(0)).isEqualTo(100);
  }

  private static List<Long> indexes(String sql) {
    return sql(sql).collectAsList().stream().map(row -> row.getLong(0)).toList();
  }

  @Test
  void statisticsKnowWhatIsPushed() {
    assertRows("SELECT frame FROM scan OFFSET 30", 70);
    assertRows("SELECT frame FROM scan LIMIT 10 OFFSET 95", 5);
    assertRows("SELECT _file, count(*) FROM scan WHERE scan_0 = 0 GROUP BY _file", 5);
  }

  private static void assertRows(String sql, long rows) {
    var relation = sql(sql).queryExecution().optimizedPlan().collectLeaves().head();
    assertThat(relation.stats().rowCount().get().longValue()).isEqualTo(rows);
  }

  @Test
  void countsAreThoseOfTheRows() {
    List<Row> groups =
        sql("SELECT _partition, count(*), max(scan_1) FROM scan GROUP BY 1").collectAsList();
    assertThat(groups)
        .extracting(Row::toString)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, PARTITIONS)
                .mapToObj(i -> "[%d,5,%d]".formatted(i, i % 5 * 5 + 4))
                .toList());
  }
}
