// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static io.sparkarrays.spark.write.SavedFrames.assertHolds;
import static io.sparkarrays.spark.write.SavedFrames.expected;
import static io.sparkarrays.spark.write.SavedFrames.onDisk;
import static io.sparkarrays.spark.write.SavedFrames.rows;
import static io.sparkarrays.spark.write.SavedFrames.writer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every save mode on a path where nothing is, where a data set is, and where something else is. */
class SaveModesTest {

  private static final int OLD = 0;
  private static final int NEW = 5000;

  @TempDir private Path folder;
  private Path path;

  @BeforeEach
  void choosePath() {
    path = folder.resolve("scan");
  }

  @AfterEach
  void nothingHiddenIsLeft() throws IOException {
    for (String name : io.sparkarrays.spark.TempFolder.names(folder)) {
      assertThat(name).doesNotStartWith(".");
    }
  }

  private void save(Dataset<Row> rows, String mode) {
    writer(rows, mode).save(path.toString());
  }

  private void saveOld(long from, long to) {
    save(rows(from, to, OLD), "append");
  }

  private static Dataset<Row> none() {
    return rows(0, 12, NEW).filter("frame_index < 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"append", "overwrite", "errorifexists", "ignore"})
  void anyModeMakesADataSetWhereNothingIs(String mode) throws IOException {
    path = folder.resolve("not/there/yet");
    save(rows(0, 12, NEW), mode);
    assertThat(onDisk(path)).isEqualTo(expected(12, NEW, frame -> true));
    assertHolds(path, "parts", "structure.json");
    assertHolds(path.getParent(), "yet");
    assertHolds(folder, "not");
  }

  @ParameterizedTest
  @ValueSource(strings = {"append", "overwrite", "errorifexists", "ignore"})
  void anyModeMakesADataSetInAnEmptyFolder(String mode) throws IOException {
    Files.createDirectory(path);
    save(rows(0, 12, NEW), mode);
    assertThat(onDisk(path)).isEqualTo(expected(12, NEW, frame -> true));
  }

  @Test
  void errorIfExistsAndIgnoreTouchNothing() {
    saveOld(0, 12);
    assertThatThrownBy(() -> save(rows(0, 12, NEW), "errorifexists"))
        .hasMessageContaining("already exists");
    save(rows(0, 12, NEW), "ignore");
    assertThat(onDisk(path)).isEqualTo(expected(12, OLD, frame -> true));
  }

  @Test
  void appendAddsWhatIsMissing() {
    saveOld(3, 6);
    assertThat(onDisk(path)).isEqualTo(expected(12, OLD, frame -> frame >= 3 && frame < 6));
    save(rows(0, 3, OLD).union(rows(9, 12, OLD)), "append");
    assertThat(onDisk(path)).isEqualTo(expected(12, OLD, frame -> frame < 6 || frame >= 9));
    // Neither shape nor cut need be given again.
    rows(6, 9, OLD).write().format("clusterdata").mode("append").save(path.toString());
    assertThat(onDisk(path)).isEqualTo(expected(12, OLD, frame -> true));
  }

  @Test
  void appendRefusesWhatIsThere() {
    saveOld(3, 6);
    assertThat(assertRefused(ErrorCode.PARTITION_EXISTS, () -> save(rows(0, 12, NEW), "append")))
        .contains("partition 1", "3:6", "overwriteMode = partitions");
    assertThat(onDisk(path)).isEqualTo(expected(12, OLD, frame -> frame >= 3 && frame < 6));
  }

  @Test
  void appendRefusesAnotherStructure() {
    saveOld(3, 6);
    List<List<Integer>> before = onDisk(path);
    Dataset<Row> rest = rows(6, 12, NEW);
    for (List<String> other :
        List.of(
            List.of("scanShape", "12"),
            List.of("frameShape", "3,1"),
            List.of("partitions", "3"),
            List.of("dtype", "int64"))) {
      assertRefused(
          ErrorCode.STRUCTURE_DIFFERS,
          () -> writer(rest, "append").option(other.get(0), other.get(1)).save(path.toString()));
    }
    assertThat(onDisk(path)).isEqualTo(before);
  }

  @Test
  void overwriteReplacesEverything() {
    saveOld(0, 12);
    save(rows(6, 9, NEW), "overwrite");
    assertThat(onDisk(path)).isEqualTo(expected(12, NEW, frame -> frame >= 6 && frame < 9));
  }

  @Test
  void overwriteMayChangeTheStructure() {
    saveOld(0, 12);
    rows(0, 30, NEW)
        .write()
        .format("clusterdata")
        .mode("overwrite")
        .option("scanShape", "2,3,5")
        .option("frameShape", "3,1")
        .option("partitions", 7)
        .save(path.toString());
    assertThat(onDisk(path)).isEqualTo(expected(30, NEW, frame -> true));
    ClusterDataSet dataSet = ClusterDataSet.open(path);
    assertThat(dataSet.shape()).isEqualTo(Shape.of(2, 3, 5, 3, 1));
    assertThat(dataSet.structure().partitions()).isEqualTo(7);
  }

  @Test
  void overwriteKeepsTheStructureThatItIsNotToldToChange() {
    saveOld(0, 12);
    rows(0, 12, NEW).write().format("clusterdata").mode("overwrite").save(path.toString());
    assertThat(onDisk(path)).isEqualTo(expected(12, NEW, frame -> true));
    assertThat(ClusterDataSet.open(path).structure().partitions()).isEqualTo(4);
  }

  @Test
  void overwriteModePartitionsKeepsTheOthers() {
    saveOld(0, 9);
    writer(rows(6, 12, NEW), "overwrite")
        .option("overwriteMode", "partitions")
        .save(path.toString());
    List<List<Integer>> wanted = expected(12, OLD, frame -> frame < 6);
    List<List<Integer>> replaced = expected(12, NEW, frame -> frame >= 6);
    for (int frame = 6; frame < 12; frame++) {
      wanted.set(frame, replaced.get(frame));
    }
    assertThat(onDisk(path)).isEqualTo(wanted);
    assertRefused(
        ErrorCode.STRUCTURE_DIFFERS,
        () ->
            writer(rows(0, 3, NEW), "overwrite")
                .option("overwriteMode", "partitions")
                .option("partitions", 6)
                .save(path.toString()));
    assertThat(onDisk(path)).isEqualTo(wanted);
  }

  @Test
  void writeToOverwritesPartitions() throws Exception {
    saveOld(0, 12);
    // The catalog is registered by the first read or write through format().
    rows(3, 6, NEW).writeTo("spark_arrays.clusterdata.`" + path + "`").overwritePartitions();
    List<List<Integer>> wanted = expected(12, OLD, frame -> true);
    List<List<Integer>> replaced = expected(12, NEW, frame -> true);
    for (int frame = 3; frame < 6; frame++) {
      wanted.set(frame, replaced.get(frame));
    }
    assertThat(onDisk(path)).isEqualTo(wanted);
    assertRefused(
        ErrorCode.PARTITION_EXISTS,
        () -> rows(3, 6, NEW).writeTo("spark_arrays.clusterdata.`" + path + "`").append());
    assertThat(onDisk(path)).isEqualTo(wanted);
  }

  private void view() {
    LocalSpark.session()
        .sql(
            "CREATE OR REPLACE TEMPORARY VIEW target USING clusterdata OPTIONS (path '"
                + path
                + "')");
  }

  @Test
  void insertIntoAndOverwriteAView() {
    saveOld(0, 6);
    view();
    rows(6, 12, OLD)
        .selectExpr("frame_index", "frame_index div 4 AS y", "frame_index % 4 AS x", "frame")
        .createOrReplaceTempView("more");
    LocalSpark.session().sql("INSERT INTO target SELECT * FROM more");
    assertThat(onDisk(path)).isEqualTo(expected(12, OLD, frame -> true));
    assertRefused(
        ErrorCode.PARTITION_EXISTS,
        () -> LocalSpark.session().sql("INSERT INTO target SELECT * FROM more"));
    rows(0, 12, NEW)
        .selectExpr("frame_index", "frame_index div 4 AS y", "frame_index % 4 AS x", "frame")
        .createOrReplaceTempView("more");
    LocalSpark.session().sql("INSERT OVERWRITE target SELECT * FROM more");
    assertThat(onDisk(path)).isEqualTo(expected(12, NEW, frame -> true));
  }

  @Test
  void noRowsMakeAnEmptyDataSetOrAddNothing() {
    save(none(), "append");
    assertThat(onDisk(path)).isEqualTo(expected(12, OLD, frame -> false));
    saveOld(3, 6);
    save(none(), "append");
    assertThat(onDisk(path)).isEqualTo(expected(12, OLD, frame -> frame >= 3 && frame < 6));
    writer(none(), "overwrite").option("overwriteMode", "partitions").save(path.toString());
    assertThat(onDisk(path)).isEqualTo(expected(12, OLD, frame -> frame >= 3 && frame < 6));
    save(none(), "overwrite");
    assertThat(onDisk(path)).isEqualTo(expected(12, OLD, frame -> false));
  }

  @Test
  void aDataSetMayBeOverwrittenByItself() {
    saveOld(0, 12);
    Dataset<Row> itself = LocalSpark.session().read().format("clusterdata").load(path.toString());
    itself
        .selectExpr("frame_index", "transform(frame, x -> x + " + NEW + ") AS frame")
        .write()
        .format("clusterdata")
        .mode("overwrite")
        .option("scanShape", "12")
        .option("frameShape", "3")
        .option("partitions", 5)
        .save(path.toString());
    assertThat(onDisk(path)).isEqualTo(expected(12, NEW, frame -> true));
    itself = LocalSpark.session().read().format("clusterdata").load(path.toString());
    itself
        .selectExpr("frame_index", "transform(frame, x -> x - " + NEW + ") AS frame")
        .write()
        .format("clusterdata")
        .mode("overwrite")
        .option("overwriteMode", "partitions")
        .option("frameShape", "3")
        .save(path.toString());
    assertThat(onDisk(path)).isEqualTo(expected(12, OLD, frame -> true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"append", "overwrite", "errorifexists", "ignore"})
  void aFolderOfTheUsersIsNeverTouched(String mode) throws IOException {
    Files.createDirectory(path);
    Files.writeString(path.resolve("thesis.tex"), "precious");
    assertRefused(ErrorCode.NOT_A_DATA_SET, () -> save(rows(0, 12, NEW), mode));
    assertThat(path.resolve("thesis.tex")).hasContent("precious");
    assertHolds(path, "thesis.tex");
    assertHolds(folder, "scan");
  }

  @ParameterizedTest
  @ValueSource(strings = {"append", "overwrite", "errorifexists", "ignore"})
  void aFileOfTheUsersIsNeverTouched(String mode) throws IOException {
    Files.writeString(path, "precious");
    assertRefused(ErrorCode.NOT_A_DATA_SET, () -> save(rows(0, 12, NEW), mode));
    assertThat(path).hasContent("precious");
    assertHolds(folder, "scan");
  }
}
