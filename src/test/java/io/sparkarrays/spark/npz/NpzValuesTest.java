// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.npz.NpyArray;
import io.sparkarrays.npz.NpzFile;
import io.sparkarrays.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays of text, bytes, times and records, against what numpy says that they hold. */
class NpzValuesTest {

  private static final Path FILES = Path.of("src/test/resources/npz").toAbsolutePath();

  private static final String JAVA_TIME = "spark.sql.datetime.java8API.enabled";

  private SparkSession spark;
  private JsonNode expected;

  @BeforeEach
  void start() throws IOException {
    spark = LocalSpark.session();
    // The classes that it gives otherwise know another calendar for the years before 1582.
    spark.conf().set(JAVA_TIME, true);
    expected = new ObjectMapper().readTree(FILES.resolve("values.json").toFile());
  }

  @AfterEach
  void end() {
    spark.conf().unset(JAVA_TIME);
  }

  private Dataset<Row> columns(String file, String... options) {
    var reader = spark.read().format("npz").option("mode", "columns");
    for (int i = 0; i < options.length; i += 2) {
      reader.option(options[i], options[i + 1]);
    }
    return reader.load(FILES.resolve(file).toString());
  }

  private static JsonNode column(List<Row> rows, String name) {
    ArrayNode values = JsonNodeFactory.instance.arrayNode();
    rows.forEach(row -> values.add(ShownValues.json(row.getAs(name))));
    return ShownValues.same(values, false, true);
  }

  @ParameterizedTest
  @CsvSource({"nested, 33554432, block", "array, 33554432, block", "array, 1, off"})
  void allValuesAreThoseOfNumpy(String form, String batchBytes, String verify) {
    List<Row> rows =
        columns("values.npz", "frames", form, "batchBytes", batchBytes, "verify", verify)
            .orderBy("n")
            .collectAsList();
    assertThat(rows).hasSize(7);
    List<String> names = new ArrayList<>();
    expected.fieldNames().forEachRemaining(names::add);
    assertThat(names).hasSizeGreaterThan(40);
    for (String name : names) {
      assertThat(column(rows, name))
          .as(name)
          .isEqualTo(ShownValues.same(expected.get(name), form.equals("array"), true));
    }
  }

  @Test
  void typesAreWhatSparkUsersExpect() {
    Dataset<Row> table = columns("values.npz");
    for (String[] type :
        new String[][] {
          {"word", "STRING"},
          {"words", "ARRAY<STRING>"},
          {"bytes", "STRING"},
          {"raw", "BINARY"},
          {"date Y", "DATE"},
          {"date D", "DATE"},
          {"date h", "TIMESTAMP_NTZ"},
          {"date ns", "TIMESTAMP_NTZ"},
          {"span M", "INTERVAL YEAR TO MONTH"},
          {"span D", "INTERVAL DAY TO SECOND"},
          {"gapped", "STRUCT<a: STRING NOT NULL, b: INT NOT NULL>"},
        }) {
      assertThat(table.schema().apply(type[0]).dataType().sql()).as(type[0]).isEqualTo(type[1]);
    }
    assertThat(table.schema().apply("word big").metadata().getString("dtype")).isEqualTo(">U5");
    assertThat(table.schema().apply("date 25s").metadata().getString("dtype"))
        .isEqualTo("<M8[25s]");
    assertThat(table.schema().apply("date D").nullable()).isTrue();
    assertThat(table.schema().apply("word").nullable()).isFalse();
  }

  @Test
  void onlyTheMembersThatAreWantedAreDecoded() {
    Dataset<Row> wanted =
        columns("values.npz")
            .orderBy("n")
            .selectExpr("record.name", "record.inner.z.im", "`record 2`.x", "aligned.many.word");
    assertThat(wanted.queryExecution().executedPlan().toString())
        .contains("record[name, inner]", "record 2[x]", "aligned[many]");
    List<Row> rows = wanted.collectAsList();
    for (int i = 0; i < rows.size(); i++) {
      JsonNode record = expected.get("record").get(i);
      assertThat(rows.get(i).getString(0)).isEqualTo(record.get("name").asText());
      assertThat(rows.get(i).getFloat(1))
          .isEqualTo((float) record.get("inner").get("z").get("im").asDouble());
      assertThat(rows.get(i).getList(2))
          .containsExactly(
              expected.get("record 2").get(i).get(0).get("x").asDouble(),
              expected.get("record 2").get(i).get(1).get("x").asDouble());
      assertThat(rows.get(i).getList(3))
          .containsExactly(
              expected.get("aligned").get(i).get("many").get(0).get("word").asText(),
              expected.get("aligned").get(i).get("many").get(1).get("word").asText());
    }
  }

  @Test
  void sparkComputesWithThem() {
    columns("values.npz").createOrReplaceTempView("npz_values");
    Row row =
        spark
            .sql(
                "SELECT count(*), count(`date D`), max(length(word)), min(`span s`), max(`date ns`)"
                    + " FROM npz_values WHERE n >= 0")
            .head();
    int dates = 0;
    for (JsonNode date : expected.get("date D")) {
      dates += date.isNull() ? 0 : 1;
    }
    assertThat(row.getLong(0)).isEqualTo(7);
    assertThat(row.getLong(1)).isEqualTo(dates).isLessThan(7);
    assertThat(row.isNullAt(3)).isFalse();
    // Without a batch that could be released too early, the same again by rows.
    assertThat(columns("values.npz").groupBy("word").count().count()).isPositive();
  }

  @Test
  void aRegionOfAFrameOfTextIsRead() {
    List<Row> rows =
        columns("values.npz", "datasets", "n,words", "region", "1:2,0:2")
            .orderBy("n")
            .collectAsList();
    for (int i = 0; i < rows.size(); i++) {
      JsonNode words = expected.get("words").get(i).get(1);
      assertThat(rows.get(i).getList(2))
          .containsExactly(words.get(0).asText(), words.get(1).asText());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"values.npz", "scalars.npz", "unmapped.npz"})
  void entriesGiveTheBytesThatAreStored(String name) throws IOException {
    List<Row> rows =
        spark
            .read()
            .format("npz")
            .load(FILES.resolve(name).toString())
            .where(name.equals("unmapped.npz") ? "name in ('x', 'long', 'mixed', 'title')" : "true")
            .collectAsList();
    assertThat(rows).hasSizeGreaterThan(3);
    try (NpzFile file = NpzFile.open(FILES.resolve(name))) {
      for (Row row : rows) {
        NpyArray array = file.array(row.getAs("name"));
        byte[] values = row.getAs("values");
        assertThat((String) row.getAs("dtype"))
            .isEqualTo(array.isNumber() ? array.dtype().toString() : array.descr());
        assertThat(values).isEqualTo(array.read().array());
      }
    }
  }

  @Test
  void whatHasNoTypeIsAnErrorOnlyWhenItIsRead() {
    Dataset<Row> table = columns("unmapped.npz");
    // Neither 'other', which is longer, nor 'title', which is no column, is in the way.
    assertThat(table.columns())
        .containsExactly("frame_index", "x", "thing", "long", "generic", "mixed");
    assertThat(table.count()).isEqualTo(3);
    assertThat(table.selectExpr("sum(x)").head().getLong(0)).isEqualTo(3);
    assertThat(table.selectExpr("sum(mixed.a)", "max(mixed.b)").head().getString(1)).isEmpty();
    assertRefused(
        ErrorCode.DTYPE_UNSUPPORTED,
        () -> table.select("thing").collectAsList(),
        "column thing",
        "object",
        "pickle");
    assertRefused(ErrorCode.DTYPE_UNSUPPORTED, () -> table.select("long").collectAsList(), "<f16");
    assertRefused(
        ErrorCode.DTYPE_UNSUPPORTED, () -> table.select("generic").collectAsList(), "m8", "unit");
    assertRefused(
        ErrorCode.DTYPE_UNSUPPORTED,
        () -> table.select("mixed").collectAsList(),
        "column mixed.g",
        "<M8");
    assertRefused(
        ErrorCode.DTYPE_UNSUPPORTED,
        () ->
            spark
                .read()
                .format("npz")
                .load(FILES.resolve("unmapped.npz").toString())
                .collectAsList(),
        "array 'thing'",
        "pickle");
  }

  private static void assertRefused(ErrorCode code, ThrowingCallable read, String... texts) {
    assertThat(LocalSpark.assertRefused(code, read)).contains(texts);
  }

  @Test
  void textOfSeveralFilesHasTheWidthOfTheLongest() {
    Dataset<Row> table = columns("widths").orderBy("frame_index");
    // Only rank 1 has as many notes as rows.
    assertThat(table.columns()).containsExactly("frame_index", "x", "s", "t");
    assertThat(table.schema().apply("s").metadata().getString("dtype")).isEqualTo("<U6");
    assertThat(table.select("s").collectAsList().stream().map(row -> row.getString(0)))
        .containsExactly("a", "bc", "longer", "d", "e");
    assertThat(table.select("t").collectAsList().stream().map(row -> row.getList(0)))
        .containsExactly(
            List.of("1", "22"),
            List.of("333", ""),
            List.of("a", "b"),
            List.of("c", "d"),
            List.of("e", "f"));
    assertThat(
            columns("widths", "region", "1:2").orderBy("frame_index").select("t").head().getList(0))
        .containsExactly("22");
  }

  @Test
  void textIsNotWritten(@TempDir Path folder) {
    assertRefused(
        ErrorCode.COLUMN_TYPE,
        () ->
            columns("values.npz")
                .select("word")
                .write()
                .format("npz")
                .option("mode", "columns")
                .save(folder.resolve("out").toString()),
        "word",
        "STRING");
  }

  @Test
  void statisticsAndFunctionsOfFramesAreForNumbers() {
    Dataset<Row> words = columns("values.npz", "datasets", "words");
    words.createOrReplaceTempView("npz_words");
    spark.conf().set("spark.sql.catalog.arrays", "io.sparkarrays.spark.catalog.ArraysCatalog");
    assertThatThrownBy(() -> spark.sql("SELECT arrays.frame_sum(words) FROM npz_words").collect())
        .hasMessageContaining("an array of STRING, not of numbers");
    assertThatThrownBy(() -> spark.sql("SELECT arrays.frame_total(words) FROM npz_words").collect())
        .hasMessageContaining("an array of STRING, not of numbers");
    assertRefused(
        ErrorCode.OPTION_INVALID,
        () -> columns("values.npz", "datasets", "words", "metadataColumns", "_stats").schema(),
        "_stats");
    assertThat(words.count()).isEqualTo(7);
  }
}
