// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.reduction;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.catalog.ArraysCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Aggregates that readers reduce, against Spark's own aggregation of the same rows held by Spark.
 * View {@code scan} has 20 partitions of 5 frames, {@code held} the same rows.
 */
class ReducedScanTest {

  private static final int PARTITIONS = 20;
  private static final String PUSHED = "reduced while read";

  @TempDir Path folder;
  private ClusterDataSet dataSet;

  @BeforeEach
  void write() throws IOException {
    SparkSession spark = LocalSpark.session();
    spark.conf().set("spark.sql.catalog.arrays", ArraysCatalog.class.getName());
    dataSet = write("scan", -1);
    read("array", "64m").createOrReplaceTempView("scan");
    hold("scan", "held");
  }

  /** Writes the data set, but for one partition. */
  private ClusterDataSet write(String name, int missing) throws IOException {
    ClusterDataSet written =
        ClusterDataSet.create(
            folder.resolve(name),
            PartitionStructure.even(
                Shape.of(4, 25), Shape.of(3, 7), Dtype.parse("uint16"), PARTITIONS));
    Random random = new Random(5);
    for (int partition = 0; partition < PARTITIONS; partition++) {
      byte[] frames = new byte[5 * 3 * 7 * 2];
      random.nextBytes(frames);
      if (partition != missing) {
        Files.write(written.partition(partition).path(), frames);
      }
    }
    return written;
  }

  private Dataset<Row> read(String form, String splitBytes) {
    return LocalSpark.session()
        .read()
        .format("clusterdata")
        .option("frames", form)
        .option("maxPartitionBytes", splitBytes)
        .load(folder.resolve("scan").toString());
  }

  private static void hold(String view, String held) {
    SparkSession spark = LocalSpark.session();
    Dataset<Row> rows = spark.table(view);
    spark.createDataFrame(rows.collectAsList(), rows.schema()).createOrReplaceTempView(held);
  }

  private static Dataset<Row> sql(String text) {
    return LocalSpark.session().sql(text);
  }

  private static boolean pushed(Dataset<Row> query) {
    return query.queryExecution().executedPlan().toString().contains(PUSHED);
  }

  /** Runs a query over both views; the sums are of integers, so equal to the last bit. */
  private static void assertSame(String query) {
    List<Row> expected = sql(String.format(query, "held")).collectAsList();
    assertThat(sql(String.format(query, "scan")).collectAsList()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT arrays.frame_total(frame) FROM %s",
        "SELECT arrays.frame_average(frame), arrays.frame_maximum(frame) AS most FROM %s",
        "SELECT arrays.frame_total(frame)[3] + 1 FROM %s WHERE frame_index BETWEEN 7 AND 61",
        "SELECT arrays.frame_total(frame) FROM %s WHERE scan_1 = 3",
        "SELECT arrays.frame_total(frame), arrays.frame_maximum(frame) FROM %s WHERE scan_0 > 9",
        "SELECT arrays.frame_total(f) FROM (SELECT frame AS f FROM %s)",
        "SELECT (SELECT arrays.frame_total(frame) FROM %1$s) AS t, count(*) FROM %1$s",
        "SELECT frame_index FROM %1$s WHERE arrays.frame_at(frame, 0) ="
            + " (SELECT arrays.frame_maximum(frame)[0] FROM %1$s)",
      })
  void readersReduce(String query) {
    assertThat(pushed(sql(String.format(query, "scan")))).isTrue();
    assertSame(query);
  }

  /** Other questions are answered as before. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT scan_0, arrays.frame_total(frame) FROM %s GROUP BY scan_0 ORDER BY scan_0",
        "SELECT arrays.frame_total(frame), count(DISTINCT scan_0) FROM %s",
        "SELECT arrays.frame_total(DISTINCT frame) FROM %s",
        "SELECT arrays.frame_total(frame) FILTER (WHERE scan_0 = 1) FROM %s",
        "SELECT arrays.frame_total(transform(frame, x -> x + 1)) FROM %s",
        "SELECT arrays.frame_total(frame) FROM %s WHERE arrays.frame_sum(frame) > 690000",
        "SELECT arrays.frame_total(frame) FROM (SELECT frame FROM %s ORDER BY frame_index LIMIT 9)",
      })
  void sparkReducesTheRest(String query) {
    assertThat(pushed(sql(String.format(query, "scan")))).isFalse();
    assertSame(query);
  }

  /** So many splits that tasks merge first. */
  @Test
  void manySplits() {
    read("array", "1").createOrReplaceTempView("scan");
    assertThat(sql("SELECT frame FROM scan").rdd().getNumPartitions()).isEqualTo(100);
    assertSame("SELECT arrays.frame_total(frame), arrays.frame_maximum(frame) FROM %s");
  }

  @ParameterizedTest
  @CsvSource({"'uint16', true", "'>u2', false"})
  void binaryFrames(String dtype, boolean known) {
    read("binary", "64m").createOrReplaceTempView("scan");
    String query =
        "SELECT arrays.frame_total(frame, '%2$s'), arrays.frame_average(frame, '%2$s') FROM %1$s";
    if (known) {
      hold("scan", "held");
      assertThat(pushed(sql(String.format(query, "scan", dtype)))).isTrue();
      assertThat(sql(String.format(query, "scan", dtype)).collectAsList())
          .isEqualTo(sql(String.format(query, "held", dtype)).collectAsList());
    } else {
      LocalSpark.assertRefused(
          ErrorCode.DTYPE_UNSUPPORTED,
          () -> sql(String.format(query, "scan", dtype)).collectAsList());
    }
  }

  /** With every file gone, a plan can be made and shown, and only the run fails. */
  @Test
  void explainingReadsNothing() throws IOException {
    Dataset<Row> query = sql("SELECT arrays.frame_total(frame) FROM scan");
    for (int i = 0; i < PARTITIONS; i++) {
      Files.delete(dataSet.partition(i).path());
    }
    assertThat(query.queryExecution().toString()).contains(PUSHED, "[frame_total(frame)]");
    LocalSpark.assertRefused(ErrorCode.PARTITION_MISSING, query::collectAsList);
  }

  @Test
  void aMissingPartitionIsSkippedOnDemand() throws IOException {
    write("rest", 3);
    LocalSpark.session()
        .read()
        .format("clusterdata")
        .option("missing", "skip")
        .load(folder.resolve("rest").toString())
        .createOrReplaceTempView("rest");
    assertThat(sql("SELECT arrays.frame_total(frame) FROM rest").collectAsList())
        .isEqualTo(
            sql("SELECT arrays.frame_total(frame) FROM held WHERE frame_index NOT BETWEEN 15 AND"
                    + " 19")
                .collectAsList());
  }

  /** Two jobs inside each other, and many at once, on two slots. */
  @Test
  void queriesAtOnceDoNotWaitForEachOther() {
    List<Row> expected = sql("SELECT arrays.frame_total(frame) FROM held").collectAsList();
    List<List<Row>> found =
        IntStream.range(0, 8)
            .parallel()
            .mapToObj(
                i -> {
                  SparkSession spark = LocalSpark.session();
                  return spark.sql("SELECT arrays.frame_total(frame) FROM scan").collectAsList();
                })
            .toList();
    assertThat(found).allMatch(expected::equals);
  }
}
