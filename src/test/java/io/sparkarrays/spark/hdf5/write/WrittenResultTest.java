// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.TempFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results in parts: what they hold, save modes, what is refused, and what is left. */
class WrittenResultTest {

  @TempDir private Path folder;
  private Path path;

  @BeforeEach
  void choosePath() throws IOException {
    path = folder.resolve("result.h5");
  }

  private static Dataset<Row> rows(long from, long to, int base) {
    return LocalSpark.session()
        .range(from, to, 1, 3)
        .selectExpr(
            "id AS frame_index",
            "transform(array(0, 1, 2), k -> cast(" + base + " + 10 * id + k AS int)) AS frame");
  }

  private void save(Dataset<Row> rows, String mode, String... options) throws IOException {
    DataFrameWriter<Row> writer =
        rows.write().format("hdf5").mode(mode).option("dataset", "/entry/data");
    for (int i = 0; i < options.length; i += 2) {
      writer.option(options[i], options[i + 1]);
    }
    writer.save(path.toString());
  }

  private Dataset<Row> read() {
    return LocalSpark.session().read().format("hdf5").load(path.toString());
  }

  private void assertHolds(Dataset<Row> expected) throws IOException {
    Dataset<Row> found = read().select("frame_index", "data");
    assertThat(found.orderBy("frame_index").collectAsList())
        .isEqualTo(expected.orderBy("frame_index").collectAsList());
  }

  private List<String> parts() throws IOException {
    return TempFolder.names(folder.resolve("result.h5.parts")).stream()
        .filter(name -> name.endsWith(".h5"))
        .toList();
  }

  private void assertNothingElse() throws IOException {
    assertThat(TempFolder.names(folder)).containsExactlyInAnyOrder("result.h5", "result.h5.parts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"append", "overwrite", "errorifexists", "ignore"})
  void anyModeMakesAResultWhereNothingIs(String mode) throws IOException {
    save(rows(0, 12, 0), mode);
    assertHolds(rows(0, 12, 0));
    assertNothingElse();
    assertThat(parts()).hasSize(3);
    try (Hdf5File file = Hdf5File.open(path)) {
      assertThat(file.dataset("/entry/data").isVirtual()).isTrue();
      assertThat(file.dataset("/entry/data").shape().dims()).containsExactly(12, 3);
    }
  }

  @Test
  void scatteredRowsFindTheirPlaces() throws IOException {
    save(
        rows(0, 60, 0).repartition(4).orderBy(org.apache.spark.sql.functions.rand(7)),
        "append",
        "scanShape",
        "3,4,5");
    Dataset<Row> found =
        LocalSpark.session()
            .read()
            .format("hdf5")
            .option("scanRank", 3)
            .load(path.toString())
            .select("frame_index", "data");
    assertThat(found.orderBy("frame_index").collectAsList())
        .isEqualTo(rows(0, 60, 0).orderBy("frame_index").collectAsList());
  }

  @Test
  void eachTaskGetsARangeIfRowsAreSorted() throws IOException {
    save(
        rows(0, 60, 0).orderBy(org.apache.spark.sql.functions.rand(7)),
        "append",
        "distribution",
        "hash");
    assertHolds(rows(0, 60, 0));
  }

  @Test
  void columnsOfTheScanTellThePlace() throws IOException {
    Dataset<Row> placed =
        rows(0, 12, 0).selectExpr("frame_index div 4 AS y", "frame_index % 4 AS x", "frame");
    save(placed, "append", "scanShape", "3,4", "dims", "y,x");
    Dataset<Row> found =
        LocalSpark.session().read().format("hdf5").option("scanRank", 2).load(path.toString());
    assertThat(found.columns()).containsExactly("frame_index", "y", "x", "data");
    assertThat(found.select("y", "x", "data").orderBy("y", "x").collectAsList())
        .isEqualTo(placed.orderBy("y", "x").collectAsList());
  }

  @Test
  void overwritingReplacesAndClearsAway() throws IOException {
    save(rows(0, 12, 0), "append");
    List<String> old = parts();
    save(rows(0, 5, 1000), "overwrite");
    assertHolds(rows(0, 5, 1000));
    assertThat(parts()).doesNotContainAnyElementsOf(old).hasSize(3);
    assertNothingElse();
  }

  @Test
  void aResultMayBeMadeOfWhatItReplaces() throws IOException {
    save(rows(0, 12, 0), "append");
    Dataset<Row> twice = read().selectExpr("frame_index", "transform(data, v -> v * 2) AS frame");
    List<Row> expected = twice.orderBy("frame_index").collectAsList();
    save(twice, "overwrite");
    assertThat(read().orderBy("frame_index").collectAsList()).isEqualTo(expected);
  }

  @Test
  void anotherArrayMayReplaceOne() throws IOException {
    save(rows(0, 12, 0), "append");
    rows(0, 3, 0)
        .write()
        .format("hdf5")
        .mode("overwrite")
        .option("dataset", "/other")
        .save(path.toString());
    assertThat(read().columns()).containsExactly("frame_index", "other");
  }

  @Test
  void framesAreAdded() throws IOException {
    save(rows(0, 12, 0), "append");
    save(rows(12, 20, 0), "append");
    assertHolds(rows(0, 20, 0));
    assertRefused(ErrorCode.FRAME_DOUBLED, () -> save(rows(19, 21, 500), "append"));
    assertRefused(ErrorCode.FRAMES_MISSING, () -> save(rows(30, 31, 500), "append"));
    assertHolds(rows(0, 20, 0));
    assertNothingElse();
  }

  @Test
  void anArrayIsAddedBesideAnother() throws IOException {
    save(rows(0, 12, 0), "append");
    rows(0, 3, 7)
        .write()
        .format("hdf5")
        .mode("append")
        .option("dataset", "/entry/other")
        .save(path.toString());
    assertThat(
            LocalSpark.session()
                .read()
                .format("hdf5")
                .option("dataset", "/entry/other")
                .load(path.toString())
                .count())
        .isEqualTo(3);
    assertThat(
            LocalSpark.session()
                .read()
                .format("hdf5")
                .option("dataset", "/entry/data")
                .load(path.toString())
                .count())
        .isEqualTo(12);
  }

  @Test
  void modesThatRefuseAndIgnore() throws IOException {
    save(rows(0, 12, 0), "append");
    assertThatThrownBy(() -> save(rows(0, 3, 9), "errorifexists"))
        .hasMessageContaining("already exists");
    save(rows(0, 3, 9), "ignore");
    assertHolds(rows(0, 12, 0));
  }

  @Test
  void missingFramesAreFilledOnlyIfWanted() throws IOException {
    Dataset<Row> some = rows(0, 12, 0).filter("frame_index % 5 <> 1");
    assertRefused(ErrorCode.FRAMES_MISSING, () -> save(some, "append", "scanShape", "13"));
    assertThat(folder.resolve("result.h5")).doesNotExist();
    assertThat(TempFolder.names(folder)).allMatch(name -> name.equals("result.h5.parts"));
    save(some, "append", "scanShape", "13", "missing", "fill", "fillValue", "-7");
    for (Row row : read().collectAsList()) {
      long frame = row.getLong(0);
      boolean missing = frame % 5 == 1 || frame == 12;
      List<Integer> expected =
          LongStream.range(0, 3).mapToObj(k -> missing ? -7 : (int) (10 * frame + k)).toList();
      assertThat(row.<Integer>getList(1)).isEqualTo(expected);
    }
  }

  @Test
  void noRowsMakeAnEmptyArrayIfItsShapeIsKnown() throws IOException {
    save(
        rows(0, 12, 0).filter("frame_index < 0"),
        "append",
        "scanShape",
        "4",
        "frameShape",
        "3",
        "missing",
        "fill");
    assertHolds(rows(0, 4, 0).selectExpr("frame_index", "transform(frame, v -> 0) AS frame"));
  }

  @Test
  void refusals() throws IOException {
    assertRefused(
        ErrorCode.FRAME_OUT_OF_RANGE, () -> save(rows(0, 12, 0), "append", "scanShape", "11"));
    assertRefused(
        ErrorCode.FRAME_DOUBLED, () -> save(rows(0, 12, 0).union(rows(3, 4, 0)), "append"));
    assertRefused(
        ErrorCode.OPTION_INVALID, () -> save(rows(0, 12, 0), "append", "compression", "szip"));
    assertRefused(
        ErrorCode.OPTION_INVALID, () -> save(rows(0, 12, 0), "append", "chunks", "1,2,3,4"));
    for (String wrong :
        List.of(
            "{x",
            "[1]",
            "{\"entry\": {\"title\": \"a\"}}",
            "{\"/entry/frame/deeper\": {\"title\": \"a\"}}",
            "{\"/entry\": {\"title\": {\"a\": 1}}}",
            "{\"gain\": [1, \"a\"]}")) {
      // Before any row is made.
      assertRefused(
          ErrorCode.OPTION_INVALID,
          () ->
              save(
                  rows(0, 12, 0)
                      .selectExpr("frame_index", "CAST(raise_error('made') AS FLOAT) AS frame"),
                  "append",
                  "dataset",
                  "/entry/frame",
                  "attributes",
                  wrong));
    }
    assertRefused(ErrorCode.COLUMN_MISSING, () -> save(rows(0, 12, 0).select("frame"), "append"));
    assertRefused(
        ErrorCode.COLUMN_TYPE,
        () -> save(rows(0, 1, 0).selectExpr("frame_index", "map(1, 2) AS m"), "append"));
    assertRefused(
        ErrorCode.FRAME_LENGTH,
        () ->
            save(
                rows(0, 12, 0)
                    .selectExpr("frame_index", "slice(frame, 1, if(frame_index = 7, 2, 3)) AS f")
                    .coalesce(1),
                "append"));
    assertRefused(
        ErrorCode.PARTS_DIFFER,
        () ->
            save(
                rows(0, 12, 0)
                    .selectExpr("frame_index", "slice(frame, 1, if(frame_index > 7, 2, 3)) AS f"),
                "append"));
    assertThat(path).doesNotExist();
    Files.writeString(path, "not HDF5");
    assertRefused(ErrorCode.OPERATION_UNSUPPORTED, () -> save(rows(0, 12, 0), "append"));
    save(rows(0, 12, 0), "overwrite");
    assertHolds(rows(0, 12, 0));
    assertNothingElse();
  }

  @Test
  void whatDeadWritersLeftIsClearedAway() throws IOException {
    save(rows(0, 12, 0), "append");
    Path orphan = folder.resolve("result.h5.parts/part-00000-deadbeef.h5");
    Path users = folder.resolve("result.h5.parts/notes.txt");
    Files.copy(folder.resolve("result.h5.parts").resolve(parts().get(0)), orphan);
    Files.writeString(users, "mine");
    save(rows(12, 13, 0), "append");
    assertThat(orphan).doesNotExist();
    assertThat(users).exists();
    assertHolds(rows(0, 13, 0));
  }
}
