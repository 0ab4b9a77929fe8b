// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What {@code EXPLAIN} shows and what a plan costs. The data set has 1,000 partitions of one frame
 * of 2 × 3 uint16.
 */
class ExplainTest {

  private static final int PARTITIONS = 1000;
  private static final int FRAME_BYTES = 12;

  @TempDir static Path folder;
  private static Path path;

  @BeforeAll
  static void write() throws IOException {
    path = folder.resolve("scan");
    PartitionStructure structure =
        PartitionStructure.even(
            Shape.of(20, 50), Shape.of(2, 3), Dtype.parse("uint16"), PARTITIONS);
    ClusterDataSet dataSet = ClusterDataSet.create(path, structure);
    for (int i = 0; i < PARTITIONS; i++) {
      byte[] frame = new byte[FRAME_BYTES];
      frame[0] = (byte) i;
      frame[1] = (byte) (i >> 8);
      Files.write(dataSet.partition(i).path(), frame);
    }
  }

  private static Dataset<Row> frames() {
    return LocalSpark.session().read().format("clusterdata").load(path.toString());
  }

  private static BatchScanExec scan(Dataset<Row> query) {
    SparkPlan plan = query.queryExecution().executedPlan();
    while (!(plan instanceof BatchScanExec)) {
      assertThat(plan.children().size()).isEqualTo(1);
      plan = plan.children().head();
    }
    return (BatchScanExec) plan;
  }

  private static long metric(BatchScanExec scan, String name) {
    return scan.metrics().apply(name).value();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "range    | SELECT * FROM scan WHERE frame_index >= 10 AND frame_index < 20",
        "position | SELECT frame FROM scan WHERE scan_0 = 3 AND scan_1 IN (1, 2, 4)",
        "or       | SELECT frame FROM scan WHERE NOT (scan_0 > 1) OR frame_index BETWEEN 100 AND"
            + " 200",
        "refused  | SELECT frame FROM scan WHERE scan_0 = 3 AND frame[0] > 5 LIMIT 7",
        "limit    | SELECT frame FROM scan WHERE frame_index > 500 LIMIT 5",
        "none     | SELECT frame FROM scan WHERE frame_index = -1",
        "columns  | SELECT scan_1 FROM scan"
      })
  void explainShowsWhatIsPushed(String name, String sql) throws IOException {
    frames().createOrReplaceTempView("scan");
    GoldenPlan.check(name, LocalSpark.session().sql(sql), path);
  }

  @Test
  void exactPredicatesLeaveNoFilterBehind() {
    String plan =
        frames()
            .filter("scan_0 = 3 AND scan_1 < 7")
            .limit(2)
            .queryExecution()
            .executedPlan()
            .toString();
    assertThat(plan)
        .contains("pushed: [scan_0 = 3, scan_1 < 7]", "limit: 2")
        .doesNotContain("Filter (");
    assertThat(frames().filter("frame[0] > 3").queryExecution().executedPlan().toString())
        .contains("Filter (");
  }

  @Test
  void limitOpensOneFile() throws IOException {
    // One file of five frames, so that one file is enough for five rows.
    Path other = folder.resolve("limited");
    PartitionStructure structure =
        PartitionStructure.even(Shape.of(5000), Shape.of(2, 3), Dtype.parse("uint16"), PARTITIONS);
    ClusterDataSet dataSet = ClusterDataSet.create(other, structure);
    for (int i = 0; i < PARTITIONS; i++) {
      Files.write(dataSet.partition(i).path(), new byte[5 * FRAME_BYTES]);
    }
    Dataset<Row> limited =
        LocalSpark.session().read().format("clusterdata").load(other.toString()).limit(5);
    BatchScanExec scan = scan(limited);
    assertThat(scan.inputPartitions().size()).isEqualTo(1);
    // What is opened after planning fails now, unless it is the first file.
    for (int i = 1; i < PARTITIONS; i++) {
      Files.delete(dataSet.partition(i).path());
    }
    assertThat(limited.queryExecution().executedPlan().executeCollect()).hasSize(5);
    assertThat(metric(scan, "framesRead")).isEqualTo(5);
    assertThat(metric(scan, "bytesRead")).isEqualTo(5 * FRAME_BYTES);
    assertThat(metric(scan, "batches")).isEqualTo(1);
  }

  @Test
  void aPredicateOpensOnlyItsFiles() {
    Dataset<Row> some = frames().filter("scan_0 = 7 AND scan_1 IN (3, 9)");
    BatchScanExec scan = scan(some);
    assertThat(some.queryExecution().executedPlan().executeCollect()).hasSize(2);
    assertThat(metric(scan, "framesRead")).isEqualTo(2);
    assertThat(metric(scan, "bytesRead")).isEqualTo(2 * FRAME_BYTES);
  }

  @Test
  void indexesAloneReadNoByte() {
    Dataset<Row> indexes = frames().select("scan_1", "frame_index");
    BatchScanExec scan = scan(indexes);
    assertThat(indexes.queryExecution().executedPlan().executeCollect()).hasSize(1000);
    assertThat(metric(scan, "bytesRead")).isZero();
  }

  @Test
  void statisticsAreExact() {
    // Index columns take 8 bytes each; frames are counted as they are stored.
    assertStatistics(frames(), 1000, 1000 * (3 * 8 + FRAME_BYTES));
    assertStatistics(frames().select("frame"), 1000, 1000 * FRAME_BYTES);
    assertStatistics(frames().filter("scan_0 = 3").select("frame"), 50, 50 * FRAME_BYTES);
    assertStatistics(frames().select("frame").limit(7), 7, 7 * FRAME_BYTES);
    Dataset<Row> boxed =
        LocalSpark.session()
            .read()
            .format("clusterdata")
            .option("region", "0:1,1:3")
            .load(path.toString())
            .select("frame");
    assertStatistics(boxed, 1000, 1000 * 4);
  }

  private static void assertStatistics(Dataset<Row> query, long rows, long bytes) {
    var relation = query.queryExecution().optimizedPlan().collectLeaves().head();
    assertThat(relation.stats().rowCount().get().longValue()).isEqualTo(rows);
    assertThat(relation.stats().sizeInBytes().longValue()).isEqualTo(bytes);
  }

  @Test
  void skippedFramesAreNotCounted() throws IOException {
    Path other = folder.resolve("lacking");
    ClusterDataSet dataSet =
        ClusterDataSet.create(
            other, PartitionStructure.of(Shape.of(10), Shape.of(4), Dtype.parse("int8"), 0, 3, 10));
    Files.write(dataSet.partition(1).path(), new byte[28]);
    Dataset<Row> present =
        LocalSpark.session()
            .read()
            .format("clusterdata")
            .option("missing", "skip")
            .load(other.toString())
            .select("frame");
    assertStatistics(present, 7, 28);
    assertThat(present.collectAsList()).hasSize(7);
  }

  @Test
  void equalReadsAreReadOnce() {
    Dataset<Row> sums = frames().groupBy("scan_0").count();
    Dataset<Row> again = frames().groupBy("scan_0").count();
    Dataset<Row> joined = sums.hint("merge").join(again.hint("merge"), "scan_0");
    List<Row> rows = joined.collectAsList();
    assertThat(rows).hasSize(20).allMatch(r -> r.getLong(1) == 50 && r.getLong(2) == 50);
    assertThat(joined.queryExecution().executedPlan().toString()).contains("Reused");
  }
}
