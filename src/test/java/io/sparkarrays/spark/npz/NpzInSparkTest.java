// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.npz;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.npz.NpyArray;
import io.sparkarrays.npz.NpzFile;
import io.sparkarrays.npz.NpzWriter;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.TempFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both views of npz files, read and written by Spark; files of numpy are the truth. */
class NpzInSparkTest {

  private static final Path NUMPY = Path.of("src/test/resources/npz").toAbsolutePath();

  @TempDir Path folder;
  private SparkSession spark;

  @BeforeEach
  void start() {
    spark = LocalSpark.session();
  }

  private Dataset<Row> entries(Path path) {
    return spark.read().format("npz").load(path.toString());
  }

  private Dataset<Row> columns(Path path) {
    return spark.read().format("npz").option("mode", "columns").load(path.toString());
  }

  /** Writes ranks with rows numbered through: x int64, p float32 of shape (2, 3), big-endian u2. */
  private Path table(int... lengths) throws IOException {
    Path path = Files.createDirectory(folder.resolve("table"));
    long next = 0;
    for (int rank = 0; rank < lengths.length; rank++) {
      ByteBuffer x = ByteBuffer.allocate(8 * lengths[rank]).order(ByteOrder.LITTLE_ENDIAN);
      ByteBuffer p = ByteBuffer.allocate(24 * lengths[rank]).order(ByteOrder.LITTLE_ENDIAN);
      ByteBuffer u = ByteBuffer.allocate(2 * lengths[rank]).order(ByteOrder.BIG_ENDIAN);
      for (int row = 0; row < lengths[rank]; row++, next++) {
        x.putLong(next);
        for (int i = 0; i < 6; i++) {
          p.putFloat((float) (10 * next + i));
        }
        u.putShort((short) (65535 - next));
      }
      try (NpzWriter out =
          NpzWriter.create(path.resolve("tmp_a.tmp.rank-" + rank + ".npz"), false)) {
        out.add("x", Dtype.parse("<i8"), Shape.of(lengths[rank]), x.flip());
        out.add("p", Dtype.parse("<f4"), Shape.of(lengths[rank], 2, 3), p.flip());
        out.add("u", Dtype.parse(">u2"), Shape.of(lengths[rank]), u.flip());
        out.commit();
      }
    }
    return path;
  }

  @Test
  void entriesAreTheArraysOfNumpy() throws IOException {
    List<Row> rows =
        entries(NUMPY.resolve("c-order.npz"))
            .select("name", "dtype", "shape", "fortran", "values")
            .collectAsList();
    try (NpzFile file = NpzFile.open(NUMPY.resolve("c-order.npz"))) {
      assertThat(rows.stream().map(row -> row.getString(0)).toList()).isEqualTo(file.names());
      for (Row row : rows) {
        NpyArray array = file.array(row.getString(0));
        assertThat(row.getString(1)).isEqualTo(array.dtype().toString());
        assertThat(row.<Long>getList(2).stream().mapToLong(n -> n).toArray())
            .isEqualTo(array.shape().dims());
        assertThat(row.getBoolean(3)).isEqualTo(array.isFortranOrder());
        byte[] values = (byte[]) row.get(4);
        assertThat(values).hasSize((int) array.shape().size() * array.dtype().size());
      }
    }
  }

  @Test
  void everyArrayGoesRoundAsEntries() throws IOException {
    Dataset<Row> read = entries(NUMPY.resolve("c-order.npz"));
    read.coalesce(1).write().format("npz").save(folder.resolve("out").toString());
    // Members were written by numpy.savez in the same order, so files are equal to the last byte.
    assertThat(folder.resolve("out/rank-0.npz"))
        .hasSameBinaryContentAs(NUMPY.resolve("c-order.npz"));
  }

  @Test
  void valuesAreNumbersWhereTheyFit() throws IOException {
    Path path = table(3);
    Row x =
        spark
            .read()
            .format("npz")
            .option("as", "long")
            .load(path.toString())
            .where("name = 'x'")
            .select("values")
            .head();
    assertThat(x.<Long>getList(0)).containsExactly(0L, 1L, 2L);
    List<Row> doubles =
        spark
            .read()
            .format("npz")
            .option("as", "double")
            .load(path.toString())
            .where("name IN ('u', 'p')")
            .orderBy("name")
            .select("values")
            .collectAsList();
    assertThat(doubles.get(0).<Double>getList(0)).startsWith(0.0, 1.0, 2.0).hasSize(18);
    assertThat(doubles.get(1).<Double>getList(0)).containsExactly(65535.0, 65534.0, 65533.0);
  }

  @Test
  void whatDoesNotFitIsRefusedOnlyWhereItIsRead() throws IOException {
    Path file = folder.resolve("half.npz");
    try (NpzWriter out = NpzWriter.create(file, false)) {
      out.add(
          "half",
          Dtype.parse("<f8"),
          Shape.of(1),
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(0, 0.5));
      out.add("whole", Dtype.parse("<i4"), Shape.of(), ByteBuffer.allocate(4));
      out.commit();
    }
    Dataset<Row> longs =
        spark.read().format("npz").option("as", "long").load(file.toString()).select("values");
    assertRefused(ErrorCode.VALUE_OUT_OF_RANGE, longs::collectAsList);
    Dataset<Row> whole = spark.read().format("npz").option("as", "long").load(file.toString());
    assertThat(whole.where("name = 'whole'").select("values").head().getList(0))
        .isEqualTo(List.of(0L));
  }

  @Test
  void arraysThatAreNoNumbersAreListed() {
    Dataset<Row> strange = entries(NUMPY.resolve("strange.npz"));
    long all = strange.count();
    List<String> dtypes =
        strange.select("dtype").collectAsList().stream().map(row -> row.getString(0)).toList();
    assertThat(dtypes).hasSize((int) all).anyMatch(text -> text.contains("U"));
    assertRefused(ErrorCode.DTYPE_UNSUPPORTED, strange.select("values")::collectAsList);
  }

  @Test
  void ranksComeInTheOrderOfTheirNumbers() throws IOException {
    int[] lengths = LongStream.range(0, 11).mapToInt(i -> (int) (i % 3)).toArray();
    Path path = table(lengths);
    List<Row> ranks = entries(path).where("name = 'x'").select("rank").collectAsList();
    assertThat(ranks.stream().map(row -> row.getInt(0)).toList())
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(
            entries(path.resolve("*rank-1*.npz")).select("rank").distinct().collectAsList().stream()
                .map(row -> row.getInt(0)))
        .containsExactlyInAnyOrder(1, 10);
    assertThat(entries(path).where("rank = 10").count()).isEqualTo(3);
    List<Long> x =
        columns(path).select("x").collectAsList().stream().map(row -> row.getLong(0)).toList();
    assertThat(x).isEqualTo(LongStream.range(0, 10).boxed().toList());
  }

  @Test
  void columnsAreTheRowsOfAllRanks() throws IOException {
    Dataset<Row> table = columns(table(3, 0, 2));
    assertThat(table.columns()).containsExactly("frame_index", "x", "p", "u");
    List<Row> rows = table.select("frame_index", "x", "p", "u", "_partition").collectAsList();
    for (int i = 0; i < 5; i++) {
      Row row = rows.get(i);
      assertThat(row.getLong(0)).isEqualTo(i);
      assertThat(row.getLong(1)).isEqualTo(i);
      assertThat(row.<Float>getList(2)).hasSize(6).startsWith(10f * i, 10f * i + 1);
      assertThat(row.getInt(3)).isEqualTo(65535 - i);
      assertThat(row.getInt(4)).isEqualTo(i < 3 ? 0 : 2);
    }
    assertThat(table.count()).isEqualTo(5);
    assertThat(table.where("frame_index = 4").select("u").head().getInt(0)).isEqualTo(65531);
  }

  @Test
  void aRegionOfEachRowCanBeRead() throws IOException {
    Row row =
        spark
            .read()
            .format("npz")
            .option("mode", "columns")
            .option("datasets", "p")
            .option("region", "0:2,1:2")
            .load(table(2).toString())
            .where("frame_index = 1")
            .select("p")
            .head();
    assertThat(row.<Float>getList(0)).containsExactly(11f, 14f);
  }

  @Test
  void arraysThatAreNoTableAreNamed() throws IOException {
    Path file = folder.resolve("odd.npz");
    try (NpzWriter out = NpzWriter.create(file, false)) {
      out.add("a", Dtype.parse("<i4"), Shape.of(2), ByteBuffer.allocate(8));
      out.add("b", Dtype.parse("<i4"), Shape.of(3), ByteBuffer.allocate(12));
      out.commit();
    }
    assertThat(assertRefused(ErrorCode.STRUCTURE_INVALID, () -> columns(file).count()))
        .contains("{a=2, b=3}")
        .contains("datasets");
    Dataset<Row> b =
        spark
            .read()
            .format("npz")
            .option("mode", "columns")
            .option("datasets", "b")
            .load(file.toString());
    assertThat(b.count()).isEqualTo(3);
  }

  @Test
  void rowsAreWrittenAsOneFileATask() throws IOException {
    Path out = folder.resolve("out");
    Dataset<Row> rows =
        spark
            .range(0, 10, 1, 3)
            .select(
                functions.col("id").as("x"),
                functions.col("id").cast("float").as("f"),
                functions.col("id").mod(2).equalTo(0).as("even"));
    rows.write().format("npz").option("mode", "columns").save(out.toString());
    assertThat(TempFolder.names(out)).containsExactly("rank-0.npz", "rank-1.npz", "rank-2.npz");
    assertThat(TempFolder.names(folder)).containsExactly("out");
    assertThat(columns(out).drop("frame_index").collectAsList()).isEqualTo(rows.collectAsList());
    try (NpzFile file = NpzFile.open(out.resolve("rank-1.npz"))) {
      assertThat(file.names()).containsExactly("x", "f", "even");
      assertThat(file.array("even").dtype().toString()).isEqualTo("bool");
    }
  }

  @Test
  void aTableThatWasReadIsWrittenAsItWas() throws IOException {
    Path path = table(4);
    Path out = folder.resolve("out");
    columns(path).write().format("npz").option("mode", "columns").save(out.toString());
    assertThat(out.resolve("rank-0.npz"))
        .hasSameBinaryContentAs(path.resolve("tmp_a.tmp.rank-0.npz"));
  }

  @Test
  void saveModesTreatTheFolderAsAWhole() throws IOException {
    Path out = folder.resolve("out");
    Dataset<Row> three = spark.range(0, 3, 1, 3).toDF("x");
    Dataset<Row> one = spark.range(0, 1, 1, 1).toDF("x");
    three
        .write()
        .format("npz")
        .option("mode", "columns")
        .mode(SaveMode.Append)
        .save(out.toString());
    one.write().format("npz").option("mode", "columns").mode(SaveMode.Ignore).save(out.toString());
    assertThat(columns(out).count()).isEqualTo(3);
    assertRefused(
        ErrorCode.COMMIT_FAILED,
        () ->
            one.write()
                .format("npz")
                .option("mode", "columns")
                .mode(SaveMode.Append)
                .save(out.toString()));
    one.write()
        .format("npz")
        .option("mode", "columns")
        .mode(SaveMode.Overwrite)
        .save(out.toString());
    assertThat(TempFolder.names(out)).containsExactly("rank-0.npz");
    assertThat(TempFolder.names(folder)).containsExactly("out");
  }

  @Test
  void aFolderWithOtherFilesIsNotReplaced() throws IOException {
    Path out = Files.createDirectory(folder.resolve("out"));
    Files.writeString(out.resolve("thesis.tex"), "years");
    assertRefused(
        ErrorCode.NOT_A_DATA_SET,
        () ->
            spark
                .range(1)
                .write()
                .format("npz")
                .option("mode", "columns")
                .mode(SaveMode.Overwrite)
                .save(out.toString()));
    assertThat(out.resolve("thesis.tex")).hasContent("years");
  }

  @Test
  void aFailedWriteLeavesNothing() throws IOException {
    Path out = folder.resolve("out");
    Dataset<Row> failing = spark.range(0, 10, 1, 3).selectExpr("IF(id = 9, NULL, id) AS x");
    assertRefused(
        ErrorCode.VALUE_OUT_OF_RANGE,
        () -> failing.write().format("npz").option("mode", "columns").save(out.toString()));
    assertThat(TempFolder.names(folder)).isEmpty();
  }

  @Test
  void nothingAtThePathIsAnErrorOfTheRead() {
    assertRefused(ErrorCode.PATH_NOT_FOUND, () -> entries(folder.resolve("none")));
    assertRefused(ErrorCode.PATH_NOT_FOUND, () -> columns(folder.resolve("no*.npz")));
  }

  @Test
  void damageIsFoundUnlessTheUserDoesNotAsk() throws IOException {
    Path file = table(3).resolve("tmp_a.tmp.rank-0.npz");
    byte[] bytes = Files.readAllBytes(file);
    int at = 0;
    // The first array's rows, behind its header's line end.
    while (bytes[at] != '\n') {
      at++;
    }
    bytes[at + 1] ^= 1;
    Files.write(file, bytes);
    assertRefused(ErrorCode.CHECKSUM_DIFFERS, columns(file).select("x")::collectAsList);
    assertRefused(ErrorCode.CHECKSUM_DIFFERS, entries(file).select("values")::collectAsList);
    Row row =
        spark
            .read()
            .format("npz")
            .option("mode", "columns")
            .option("verify", "off")
            .load(file.toString())
            .select("x")
            .head();
    assertThat(row.getLong(0)).isEqualTo(1);
    assertThat(
            spark
                .read()
                .format("npz")
                .option("verify", "off")
                .option("as", "long")
                .load(file.toString())
                .where("name = 'x'")
                .select("values")
                .head()
                .<Long>getList(0))
        .containsExactly(1L, 1L, 2L);
  }
}
