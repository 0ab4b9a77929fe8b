// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.genericio;

import static io.sparkarrays.genericio.ReferenceFiles.FOLDER;
import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.genericio.GenericIOFile;
import io.sparkarrays.genericio.RankBlock;
import io.sparkarrays.genericio.ReferenceFiles;
import io.sparkarrays.npz.NpyArray;
import io.sparkarrays.npz.NpzFile;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.read.StoredFrames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** GenericIO files of every kind as tables of particles. */
class GenericIOInSparkTest {

  @TempDir private Path folder;

  static List<String> good() throws IOException {
    return ReferenceFiles.good();
  }

  private static Dataset<Row> load(Path path, Map<String, String> options) {
    return LocalSpark.session()
        .read()
        .format("genericio")
        .options(options)
        .load(path.toAbsolutePath().toString());
  }

  private static Dataset<Row> load(String file) {
    return load(FOLDER.resolve(file), Map.of());
  }

  private static List<List<Object>> values(Dataset<Row> rows) {
    StructType schema = rows.schema();
    List<List<Object>> values = new ArrayList<>();
    for (InternalRow row : rows.queryExecution().executedPlan().executeCollect()) {
      List<Object> one = new ArrayList<>();
      for (int i = 0; i < schema.size(); i++) {
        one.add(StoredFrames.actual(row, i, schema.fields()[i].dataType()));
      }
      values.add(one);
    }
    return values;
  }

  private static List<Object> column(Dataset<Row> rows, String name) {
    return values(rows.select("`" + name + "`")).stream().map(row -> row.get(0)).toList();
  }

  @ParameterizedTest
  @MethodSource("good")
  void tableHoldsWhatWasWritten(String file) throws IOException {
    try (NpzFile npz = NpzFile.open(ReferenceFiles.expectedOf(file))) {
      for (Map<String, String> options :
          List.of(
              Map.<String, String>of(),
              Map.of("unsigned", "signed", "verify", "off", "batchBytes", "64"))) {
        Dataset<Row> table = load(FOLDER.resolve(file), options);
        List<Object> rank = column(table.orderBy("_rank", "_row"), "_rank");
        List<Object> expectedRank = new ArrayList<>();
        var counts = npz.array("__nelems__").read().asLongBuffer();
        for (long r = 0; counts.hasRemaining(); r++) {
          expectedRank.addAll(Collections.nCopies((int) counts.get(), r));
        }
        assertThat(rank).isEqualTo(expectedRank);
        for (StructField field : table.schema().fields()) {
          assertThat(column(table.orderBy("_rank", "_row"), field.name()))
              .as(field.name())
              .isEqualTo(expected(npz.array(field.name()), field.dataType()));
        }
        assertThat(table.count()).isEqualTo(rank.size());
      }
    }
  }

  private static List<Object> expected(NpyArray array, DataType type) throws IOException {
    Shape row = array.row();
    StoredFrames stored = new StoredFrames(array.dtype(), row, array.read().array());
    List<Object> values = new ArrayList<>();
    for (long i = 0; i < array.rows(); i++) {
      values.add(stored.expected(i, Hyperslab.all(row), type));
    }
    return values;
  }

  @Test
  void columnsHaveTheTypesOfTheFile() {
    assertThat(load("gio/all_r2.gio").schema().fields())
        .extracting(StructField::dataType)
        .containsExactly(
            DataTypes.FloatType,
            DataTypes.DoubleType,
            DataTypes.IntegerType,
            DataTypes.LongType,
            DataTypes.IntegerType,
            DataTypes.ShortType,
            DataTypes.ByteType,
            DataTypes.ShortType,
            DataTypes.LongType,
            DataTypes.createDecimalType(20, 0));
    assertThat(load("gio/vec_r2.gio").schema().apply("pos").dataType())
        .isEqualTo(DataTypes.createArrayType(DataTypes.FloatType, false));
    assertThat(load("gio/vec_r2.gio").schema().apply("pos").metadata().getLongArray("shape"))
        .containsExactly(3);
  }

  @Test
  void metadataColumnsTellWhereARowCameFrom() {
    Dataset<Row> rows =
        load("gio/split_r4.gio")
            .selectExpr("_rank", "_coords", "regexp_extract(_file, '#[0-9]$', 0) AS part")
            .distinct()
            .orderBy("_rank");
    assertThat(rows.collectAsList().stream().map(Row::toString))
        .containsExactly(
            "[0,ArraySeq(0, 0, 0),#3]",
            "[1,ArraySeq(1, 0, 0),#7]",
            "[2,ArraySeq(2, 0, 0),#3]",
            "[3,ArraySeq(3, 0, 0),#7]");
    List<Object> row = column(load("gio/p5_r2.gio").where("_rank = 1").orderBy("_row"), "_row");
    assertThat(row).hasSize(23).startsWith(0L, 1L).endsWith(22L);
    assertThat(load("gio/p5_r2.gio").columns()).doesNotContain("frame_index", "_rank");
    assertThat(
            load(FOLDER.resolve("gio/p5_r2.gio"), Map.of("metadataColumns", "_row,_rank"))
                .columns())
        .endsWith("_row", "_rank");
  }

  @Test
  void ranksThatAPredicateExcludesAreNotRead() {
    // The last block of rank 1 is damaged.
    Dataset<Row> damaged = load("derived/bad_crc_bytes.gio");
    assertThat(damaged.where("_rank = 0").collectAsList()).hasSize(9);
    assertThat(damaged.groupBy("_rank").count().orderBy("_rank").collectAsList().toString())
        .isEqualTo("[[0,9], [1,4]]");
    assertRefused(ErrorCode.CHECKSUM_DIFFERS, () -> damaged.where("_rank = 1").collect());
  }

  @Test
  void onlyTheColumnsAskedForAreRead() {
    Dataset<Row> damaged = load("derived/bad_crc_bytes.gio");
    assertThat(damaged.select("a_f4", "d_i8").collectAsList()).hasSize(13);
    assertThat(damaged.count()).isEqualTo(13);
    assertThat(assertRefused(ErrorCode.CHECKSUM_DIFFERS, () -> damaged.select("e_u2").collect()))
        .contains("bad_crc_bytes.gio, rank 1, column 'e_u2'");
    assertThat(
            load(FOLDER.resolve("derived/bad_crc_bytes.gio"), Map.of("verify", "off"))
                .select("e_u2")
                .collectAsList())
        .hasSize(13);
  }

  @ParameterizedTest
  @CsvSource({
    "bad_magic, NOT_A_DATA_SET",
    "bad_empty, NOT_A_DATA_SET",
    "bad_header_crc, CHECKSUM_DIFFERS",
    "bad_cut_data, FILE_TRUNCATED",
    "none, PATH_NOT_FOUND"
  })
  void damagedFilesAreRefused(String name, ErrorCode code) {
    assertThat(assertRefused(code, () -> load("derived/" + name + ".gio").collect()))
        .contains(name);
  }

  private void copy(String file, String name) throws IOException {
    Files.copy(FOLDER.resolve(file), folder.resolve(name));
  }

  @Test
  void foldersAndPatternsAreAllTheirFiles() throws IOException {
    for (String part : List.of("", "#3", "#7")) {
      copy("gio/split_r4.gio" + part, "step 1.gio" + part);
    }
    copy("gio/p5_r2.gio", "step 2.gio");
    copy("gio/p5_r1.gio", "other.gio");
    Files.writeString(folder.resolve(".hidden"), "no GenericIO file");
    assertThat(load(folder, Map.of()).count()).isEqualTo(98 + 43 + 20);
    assertThat(load(folder.resolve("step*"), Map.of()).count()).isEqualTo(98 + 43);
    assertThat(load(folder.resolve("step*"), Map.of()).columns()).contains("a_f4");
    assertThat(
            load(folder.resolve("step 1.gio#3"), Map.of())
                .selectExpr("sum(_rank)", "count(*)")
                .head())
        .hasToString("[52,46]");
    assertThat(
            LocalSpark.session()
                .read()
                .format("genericio")
                .load(folder.resolve("step 2.gio").toUri().toString())
                .count())
        .isEqualTo(43);
    // Parts without a map are what a killed write left.
    assertThat(load(folder.resolve("step 1.gio#*"), Map.of()).count()).isEqualTo(98);
    Files.delete(folder.resolve("step 1.gio"));
    assertThat(load(folder, Map.of()).count()).isEqualTo(43 + 20);
    // A name that is there counts as it stands.
    copy("gio/p5_r3.gio", "z[1].gio");
    assertThat(load(folder.resolve("z[1].gio"), Map.of()).count()).isEqualTo(69);
    for (String none : List.of("none*", "none.gio", "none/none.gio", "none/no*")) {
      assertRefused(ErrorCode.PATH_NOT_FOUND, () -> load(folder.resolve(none), Map.of()));
    }
    copy("gio/vec_r2.gio", "zzz.gio");
    assertThat(assertRefused(ErrorCode.PARTS_DIFFER, () -> load(folder, Map.of())))
        .contains("zzz.gio");
  }

  @Test
  void regionsOfWideRows() {
    Dataset<Row> whole = load("gio/vec_r2.gio").orderBy("_rank", "_row");
    Dataset<Row> cut =
        load(FOLDER.resolve("gio/vec_r2.gio"), Map.of("region", "1:2")).orderBy("_rank", "_row");
    assertThat(column(cut, "pos"))
        .isEqualTo(column(whole, "pos").stream().map(v -> ((List<?>) v).subList(1, 2)).toList());
  }

  @Test
  void fileThatIsReplacedWhileItIsReadIsRefused() throws IOException {
    copy("gio/p5_r2.gio", "file.gio");
    Path file = folder.resolve("file.gio");
    Dataset<Row> rows = load(file, Map.of());
    rows.queryExecution().executedPlan();
    assertThat(rows.queryExecution().toRdd().getNumPartitions()).isPositive();
    Files.delete(file);
    copy("gio/empty_rank_r3.gio", "file.gio");
    assertRefused(ErrorCode.STRUCTURE_DIFFERS, () -> rows.queryExecution().toRdd().count());
    Files.delete(file);
    assertRefused(ErrorCode.PARTITION_MISSING, () -> rows.queryExecution().toRdd().count());
  }

  @Test
  void eachRankIsATaskWhereThatIsAsked() throws IOException {
    Map<String, String> files = Map.of("splits", "files");
    for (String name :
        List.of("gio/split_r4.gio", "gio/empty_rank_r3.gio", "gio/empty_all_r2.gio")) {
      Dataset<Row> rows = load(FOLDER.resolve(name), files);
      try (GenericIOFile file = GenericIOFile.open(FOLDER.resolve(name))) {
        List<Long> counts = file.ranks().stream().map(RankBlock::rows).toList();
        for (Dataset<Row> some :
            List.of(rows, rows.select("a_f4"), rows.selectExpr("_file", "*"))) {
          assertThat(some.toJavaRDD().glom().map(rank -> (long) rank.size()).collect())
              .isEqualTo(counts);
        }
        assertThat(rows.count()).isEqualTo(file.rows());
        assertThat(rows.groupBy("_rank").count().count())
            .isEqualTo(counts.stream().filter(count -> count > 0).count());
      }
      assertThat(rows.where("_rank <> spark_partition_id()").collectAsList()).isEmpty();
    }
    Dataset<Row> rows = load(FOLDER.resolve("gio/split_r4.gio"), files);
    assertThat(column(rows, "_row")).isEqualTo(column(rows.orderBy("_rank", "_row"), "_row"));
    assertThat(rows.where("_rank = 2").toJavaRDD().glom().map(List::size).collect())
        .containsExactly(0, 0, (int) rows.where("_rank = 2").count(), 0);
  }

  @Test
  void sqlReadsItToo() {
    LocalSpark.session()
        .sql(
            "CREATE OR REPLACE TEMPORARY VIEW particles USING genericio OPTIONS (path '"
                + FOLDER.resolve("gio/p5_r3.gio").toAbsolutePath()
                + "')");
    assertThat(LocalSpark.session().sql("SELECT count(*), count(a_f4) FROM particles").head())
        .hasToString("[69,69]");
  }

  @Test
  void columnOfNoNumbersIsAnErrorOnlyWhenItIsRead() {
    Dataset<Row> table = load("more/long_double_r1.gio");
    assertThat(table.columns()).contains("odd", "plain");
    assertThat(table.select("plain").collectAsList()).isNotEmpty();
    assertThat(assertRefused(ErrorCode.DTYPE_UNSUPPORTED, () -> table.collectAsList()))
        .contains("column odd", "elements of 16 bytes", "Leave the column out");
  }
}
