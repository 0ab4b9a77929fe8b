// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import static io.sparkarrays.spark.write.SavedFrames.assertHolds;
import static io.sparkarrays.spark.write.SavedFrames.expected;
import static io.sparkarrays.spark.write.SavedFrames.onDisk;
import static io.sparkarrays.spark.write.SavedFrames.rows;
import static io.sparkarrays.spark.write.SavedFrames.writer;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.RandomDataSet;
import io.sparkarrays.spark.TempFolder;
import io.sparkarrays.spark.options.FrameForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of every kind that say which frame they are, and frames of every kind. */
class WrittenRowsTest {

  @TempDir private Path folder;

  private Path path() {
    return folder.resolve("scan");
  }

  /** Reads a random data set in any form and writes it elsewhere: the files must be the same. */
  @Property(tries = 40)
  void whatIsReadAndWrittenIsTheSameBytes(@ForAll Random random) throws IOException {
    try (TempFolder temp = TempFolder.create()) {
      RandomDataSet source = RandomDataSet.write(random, temp.path().resolve("source"), true);
      FrameForm form = FrameForm.values()[random.nextInt(3)];
      Dataset<Row> frames =
          LocalSpark.session()
              .read()
              .format("clusterdata")
              .option("frames", form.name().toLowerCase(Locale.ROOT))
              .option("missing", "skip")
              .load(source.path().toString());
      int rank = source.structure().scan().rank();
      if (rank > 1 && random.nextBoolean()) {
        frames = frames.drop("frame_index");
      }
      if (random.nextBoolean()) {
        frames = frames.orderBy(functions.rand(random.nextLong()));
      }
      Path sidecar = source.path().resolve("structure.json");
      boolean asText = random.nextBoolean();
      Path copy = temp.path().resolve("copy");
      frames
          .write()
          .format("clusterdata")
          .option("structure", asText ? Files.readString(sidecar) : sidecar.toString())
          .save(copy.toString());

      assertHolds(temp.path(), "copy", "source");
      ClusterDataSet written = ClusterDataSet.open(copy);
      assertThat(written.structure()).isEqualTo(source.structure());
      assertThat(written.listing()).isEqualTo(ClusterDataSet.open(source.path()).listing());
      for (int i = 0; i < source.structure().partitions(); i++) {
        if (source.present().get(i)) {
          String name = "parts/" + source.structure().fileName(i);
          assertThat(copy.resolve(name))
              .as("%s of %s", name, source.structure())
              .hasSameBinaryContentAs(source.path().resolve(name));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"bigint", "int", "smallint", "tinyint"})
  void indexesOfAnyIntegerType(String type) {
    Dataset<Row> narrow =
        rows(0, 12, 7).selectExpr("cast(frame_index AS " + type + ") AS frame_index", "frame");
    writer(narrow.orderBy(functions.rand(1)), "append").save(path().toString());
    assertThat(onDisk(path())).isEqualTo(expected(12, 7, frame -> true));
  }

  @ParameterizedTest
  @CsvSource({"bigint", "int", "smallint", "tinyint"})
  void positionsOfAnyIntegerTypeAndName(String type) {
    Dataset<Row> placed =
        rows(0, 12, 7)
            .selectExpr(
                "cast(frame_index div 4 AS " + type + ") AS `y.pos`",
                "cast(frame_index % 4 AS " + type + ") AS `x``pos`",
                "frame");
    writer(placed.orderBy(functions.rand(1)), "append").save(path().toString());
    assertThat(onDisk(path())).isEqualTo(expected(12, 7, frame -> true));
  }

  @Test
  void positionsComeInTheOrderOfTheirNames() {
    Dataset<Row> turned =
        rows(0, 12, 7)
            .selectExpr("frame", "frame_index % 4 AS scan_1", "frame_index div 4 AS SCAN_0");
    writer(turned, "append").save(path().toString());
    assertThat(onDisk(path())).isEqualTo(expected(12, 7, frame -> true));
  }

  @Test
  void theFrameMayHaveAnyNameAndOtherColumnsAreLeftOut() {
    Dataset<Row> more =
        rows(0, 12, 7)
            .selectExpr("'note' AS note", "frame AS counts", "2.5 AS dose", "frame_index");
    writer(more, "append").save(path().toString());
    assertThat(onDisk(path())).isEqualTo(expected(12, 7, frame -> true));
  }

  @Test
  void nestedFramesAndBinaryOnes() {
    Dataset<Row> nested =
        rows(0, 12, 7).selectExpr("frame_index", "transform(frame, x -> array(x)) AS frame");
    writer(nested, "append").option("frameShape", "3,1").save(path().toString());
    assertThat(onDisk(path())).isEqualTo(expected(12, 7, frame -> true));
    Dataset<Row> binary =
        LocalSpark.session()
            .read()
            .format("clusterdata")
            .option("frames", "binary")
            .load(path().toString());
    Path big = folder.resolve("big");
    writer(binary, "append")
        .option("dtype", ">i4")
        .option("frameShape", "3,1")
        .save(big.toString());
    assertThat(ClusterDataSet.open(big).dtype()).isEqualTo(Dtype.parse(">i4"));
    assertThat(onDisk(big)).isEqualTo(expected(12, 7, frame -> true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "boolean       | bool",
        "tinyint       | int8",
        "smallint      | int16",
        "int           | int32",
        "bigint        | int64",
        "float         | float32",
        "double        | float64",
        "decimal(20,0) | uint64",
      })
  void theDtypeIsThatOfTheColumnUnlessGiven(String type, String dtype) {
    Dataset<Row> typed =
        rows(0, 12, 0)
            .selectExpr(
                "frame_index",
                "transform(array(0, 1, frame_index % 2), x -> cast(x AS " + type + ")) AS frame");
    writer(typed, "append").save(path().toString());
    assertThat(ClusterDataSet.open(path()).dtype()).isEqualTo(Dtype.parse(dtype));
    writer(typed, "overwrite").option("dtype", "int32").save(path().toString());
    assertThat(onDisk(path()).get(5)).containsExactly(0, 1, 1);
    assertThat(onDisk(path()).get(6)).containsExactly(0, 1, 0);
  }

  @ParameterizedTest
  @CsvSource({"float,complex64", "double,complex128"})
  void complexNumbersAreStructs(String part, String dtype) {
    Dataset<Row> complex =
        rows(0, 12, 0)
            .selectExpr(
                "frame_index",
                "transform(frame, x -> struct(cast(x AS "
                    + part
                    + ") AS re, cast(-x AS "
                    + part
                    + ") AS im)) AS frame");
    writer(complex, "append").save(path().toString());
    assertThat(ClusterDataSet.open(path()).dtype()).isEqualTo(Dtype.parse(dtype));
    Dataset<Row> back = LocalSpark.session().read().format("clusterdata").load(path().toString());
    Row row = back.filter("frame_index = 5").selectExpr("frame[2].re", "frame[2].im").head();
    assertThat(((Number) row.get(0)).doubleValue()).isEqualTo(52);
    assertThat(((Number) row.get(1)).doubleValue()).isEqualTo(-52);
  }

  @Test
  void unevenPartitionsByOptionStructure() throws IOException {
    PartitionStructure uneven =
        PartitionStructure.of(Shape.of(12), Shape.of(3), Dtype.parse("int32"), 0, 1, 7, 12);
    Dataset<Row> rows = rows(0, 12, 7);
    rows.write().format("clusterdata").option("structure", uneven.toJson()).save(path().toString());
    assertThat(onDisk(path())).isEqualTo(expected(12, 7, frame -> true));
    assertThat(ClusterDataSet.open(path()).structure()).isEqualTo(uneven);
    Path file = Files.writeString(folder.resolve("cut.json"), uneven.toJson());
    Path other = folder.resolve("other");
    rows.write().format("clusterdata").option("structure", file.toString()).save(other.toString());
    assertThat(ClusterDataSet.open(other).structure()).isEqualTo(uneven);
    assertThat(onDisk(other)).isEqualTo(expected(12, 7, frame -> true));
  }
}
