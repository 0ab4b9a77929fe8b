// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static io.sparkarrays.spark.write.SavedFrames.expected;
import static io.sparkarrays.spark.write.SavedFrames.onDisk;
import static io.sparkarrays.spark.write.SavedFrames.rows;
import static io.sparkarrays.spark.write.SavedFrames.writer;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.Partition;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables of frames and their copies. */
class CachedFramesTest {

  @TempDir private Path folder;
  private Path path;

  @BeforeEach
  void choosePath() {
    path = folder.resolve("cache");
  }

  /** A data set of 3 × 4 frames to copy. */
  private Dataset<Row> source(String dtype, Map<String, String> options) {
    Path source = folder.resolve("source");
    writer(rows(0, 12, 7), "append").option("dtype", dtype).save(source.toString());
    return LocalSpark.session()
        .read()
        .format("clusterdata")
        .options(options)
        .load(source.toString());
  }

  private Dataset<Row> cache(Dataset<Row> rows) {
    return ClusterDataSets.cache(rows, path.toString(), Map.of("partitions", "4"));
  }

  private List<Object> inodes() throws IOException {
    List<Object> inodes = new ArrayList<>();
    for (Partition partition : ClusterDataSet.open(path).partitions()) {
      inodes.add(Files.getAttribute(partition.path(), "unix:ino"));
    }
    return inodes;
  }

  @ParameterizedTest
  @CsvSource({
    "int32, array, widen",
    "int32, nested, widen",
    "uint16, array, widen",
    "uint16, binary, signed",
    "uint16, array, signed",
    "float64, array, widen"
  })
  void givesTheSameTable(String dtype, String frames, String unsigned) {
    Dataset<Row> rows =
        source(dtype, Map.of("dims", "y,x", "frames", frames, "unsigned", unsigned))
            .withColumnRenamed("frame", "counts")
            .select("y", "counts", "frame_index", "x");
    Dataset<Row> copy = cache(rows);
    assertThat(copy.schema().simpleString()).isEqualTo(rows.schema().simpleString());
    assertThat(copy.orderBy("frame_index").collectAsList())
        .isEqualTo(rows.orderBy("frame_index").collectAsList());
    ClusterDataSet written = ClusterDataSet.open(path);
    assertThat(written.dtype()).isEqualTo(Dtype.parse(dtype));
    assertThat(written.structure().scan()).isEqualTo(Shape.of(3, 4));
  }

  @Test
  void writesOnlyWhatIsMissing() throws IOException {
    Dataset<Row> rows = source("int32", Map.of());
    cache(rows);
    List<Object> before = inodes();
    cache(rows);
    assertThat(inodes()).isEqualTo(before);
    ClusterDataSet.open(path).partition(2).delete();
    cache(rows);
    List<Object> after = inodes();
    after.set(2, before.get(2));
    assertThat(after).isEqualTo(before);
    assertThat(onDisk(path)).isEqualTo(expected(12, 7, frame -> true));
  }

  @Test
  void doesNotReadTheSourceWhenAllIsThere() throws Exception {
    Dataset<Row> rows = source("int32", Map.of());
    cache(rows);
    for (Partition partition : ClusterDataSet.open(folder.resolve("source")).partitions()) {
      Files.write(partition.path(), new byte[Math.toIntExact(partition.bytes())]);
    }
    assertThat(LocalSpark.rowsWrittenByTask(() -> cache(rows))).isEmpty();
    assertThat(onDisk(path)).isEqualTo(expected(12, 7, frame -> true));
  }

  @Test
  void takesTablesThatAreComputed() {
    Dataset<Row> rows =
        source("int32", Map.of())
            .select(
                functions.col("frame_index"),
                functions.expr("transform(frame, v -> v + 1)").as("more"));
    Dataset<Row> copy = ClusterDataSets.cache(rows, path.toString(), Map.of("frameShape", "3"));
    assertThat(copy.columns()).containsExactly("frame_index", "more");
    assertThat(onDisk(path)).isEqualTo(expected(12, 8, frame -> true));
    assertThat(ClusterDataSet.open(path).structure().scan()).isEqualTo(Shape.of(12));
  }

  @Test
  void refusesACopyOfAnotherStructure() {
    Dataset<Row> rows = source("int32", Map.of());
    cache(rows.select("frame_index", "frame"));
    assertThat(assertRefused(ErrorCode.STRUCTURE_DIFFERS, () -> cache(rows)))
        .contains("scanShape", "(3, 4)");
    Dataset<Row> others =
        rows.select(
            functions.col("frame_index"),
            functions.expr("transform(frame, v -> cast(v AS double))").as("frame"));
    assertRefused(ErrorCode.STRUCTURE_DIFFERS, () -> cache(others));
  }

  @Test
  void refusesTablesThatAreNoFrames() {
    Dataset<Row> rows = source("int32", Map.of());
    assertThat(assertRefused(ErrorCode.COLUMN_MISSING, () -> cache(rows.drop("frame_index"))))
        .contains("frame_index");
    assertRefused(
        ErrorCode.COLUMN_MISSING, () -> cache(rows.withColumn("twice", functions.col("frame"))));
    assertThat(
            assertRefused(
                ErrorCode.OPTION_MISSING,
                () -> cache(rows.withColumn("uid", functions.expr("frame_index * 2")))))
        .contains("uid");
    assertRefused(ErrorCode.OPTION_MISSING, () -> cache(rows.filter("frame_index < 0")));
    assertThat(path).doesNotExist();
  }
}
