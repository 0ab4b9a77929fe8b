// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.genericio;

import static io.sparkarrays.genericio.ReferenceFiles.FOLDER;
import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.genericio.Coords;
import io.sparkarrays.genericio.GenericIOFile;
import io.sparkarrays.genericio.RankBlock;
import io.sparkarrays.genericio.ReferenceFiles;
import io.sparkarrays.genericio.Variable;
import io.sparkarrays.genericio.Vector3;
import io.sparkarrays.spark.LocalSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data frames written as GenericIO data sets. */
class GenericIOWriteTest {

  private static final Path PYTHON = Path.of(".venv/bin/python").toAbsolutePath();

  @TempDir private Path folder;

  private Path target() {
    return folder.resolve("out.gio");
  }

  private static Dataset<Row> read(Path path) {
    return LocalSpark.session().read().format("genericio").load(path.toAbsolutePath().toString());
  }

  private void write(Dataset<Row> rows, String mode, Map<String, String> options) {
    rows.write().format("genericio").mode(mode).options(options).save(target().toString());
  }

  /** Whole numbers in so many partitions, in their order. */
  private static Dataset<Row> numbers(long rows, int partitions) {
    return LocalSpark.session()
        .range(0, rows, 1, partitions)
        .selectExpr("id", "cast(id * 0.5 as double) AS x");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gio/all_r2.gio",
        "gio/vec_r2.gio",
        "derived/be_r2.gio",
        "more/half_r1.gio",
        "gio/split_r4.gio"
      })
  void columnsKeepTheirTypesAndValues(String name) throws Exception {
    Dataset<Row> rows = read(FOLDER.resolve(name));
    for (String compression : List.of("none", "blosc")) {
      write(
          rows.repartition(3),
          "overwrite",
          Map.of("compression", compression, "origin", "1,2,3", "scale", "4, 5, 6"));
      try (GenericIOFile written = GenericIOFile.open(target());
          GenericIOFile given = GenericIOFile.open(FOLDER.resolve(name))) {
        assertThat(written.variables()).isEqualTo(given.variables());
        assertThat(written.origin()).isEqualTo(new Vector3(1, 2, 3));
        assertThat(written.scale()).isEqualTo(new Vector3(4, 5, 6));
      }
      Dataset<Row> again = read(target());
      assertThat(again.count()).isEqualTo(rows.count());
      assertThat(again.exceptAll(rows).union(rows.exceptAll(again)).collectAsList()).isEmpty();
    }
  }

  @Test
  void partitionsAreRanksInTheirOrder() throws IOException {
    write(numbers(10, 4).where("id < 3 OR id > 6"), "errorifexists", Map.of("boxSize", "64"));
    assertThat(files())
        .containsExactly("out.gio", "out.gio#0", "out.gio#1", "out.gio#2", "out.gio#3");
    try (GenericIOFile file = GenericIOFile.open(target())) {
      assertThat(file.isSplit()).isTrue();
      assertThat(file.dims()).isEqualTo(new Coords(4, 1, 1));
      assertThat(file.scale()).isEqualTo(new Vector3(64, 64, 64));
      assertThat(file.ranks().stream().map(RankBlock::coords))
          .containsExactly(
              new Coords(0, 0, 0), new Coords(1, 0, 0), new Coords(2, 0, 0), new Coords(3, 0, 0));
      // The partitions of range(10) in 4 are 0:2, 2:5, 5:7 and 7:10.
      assertThat(file.ranks().stream().map(RankBlock::rows)).containsExactly(2L, 1L, 0L, 3L);
      assertThat(file.read(3, "id").asLongBuffer().get(1)).isEqualTo(8);
    }
  }

  @Test
  void independentReaderAcceptsTheDataSet() throws Exception {
    assumeTrue(Files.isExecutable(PYTHON), "no Python with numpy");
    String name = "gio/split_r4.gio";
    // A partition a rank, in their order.
    Dataset<Row> rows = read(FOLDER.resolve(name));
    write(
        IntStream.range(0, 4)
            .mapToObj(rank -> rows.where("_rank = " + rank))
            .reduce(Dataset::union)
            .get(),
        "append",
        Map.of("boxSize", "64.0", "origin", "1,2,3.5"));
    Process check =
        new ProcessBuilder(
                PYTHON.toString(),
                "-B",
                "python/tests/oracles/check_genericio.py",
                target().toString(),
                ReferenceFiles.expectedOf(name).toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(check.waitFor()).as(said).isZero();
  }

  @Test
  void overwriteLeavesNothingOfTheOld() throws IOException {
    write(numbers(100, 3), "overwrite", Map.of());
    Files.writeString(folder.resolve("out.gio#x"), "not a part");
    write(numbers(7, 2), "overwrite", Map.of());
    assertThat(files()).containsExactly("out.gio", "out.gio#3", "out.gio#4", "out.gio#x");
    assertThat(read(target()).count()).isEqualTo(7);
    write(read(target()).where("id > 4"), "overwrite", Map.of());
    assertThat(read(target()).selectExpr("sum(id)").head().getLong(0)).isEqualTo(11);
  }

  @Test
  void whatStandsIsNotTouchedOtherwise() throws IOException {
    write(numbers(5, 1), "append", Map.of());
    assertRefused(ErrorCode.COMMIT_FAILED, () -> write(numbers(1, 1), "append", Map.of()));
    assertThatThrownBy(() -> write(numbers(1, 1), "errorifexists", Map.of()))
        .isInstanceOf(AnalysisException.class);
    write(numbers(1, 1), "ignore", Map.of());
    assertThat(read(target()).count()).isEqualTo(5);
    Files.delete(target());
    Files.writeString(target(), "something else");
    assertRefused(ErrorCode.NOT_A_DATA_SET, () -> write(numbers(1, 1), "overwrite", Map.of()));
    assertThat(target()).hasContent("something else");
  }

  @Test
  void failedWriteLeavesNothing() throws IOException {
    Dataset<Row> failing = numbers(100, 2).selectExpr("if(id = 99, raise_error('no'), id) AS id");
    assertThatThrownBy(() -> write(failing, "append", Map.of())).isNotNull();
    assertThat(files()).isEmpty();
    Dataset<Row> nulls = numbers(100, 2).selectExpr("if(id = 99, null, id) AS id");
    assertRefused(ErrorCode.VALUE_OUT_OF_RANGE, () -> write(nulls, "append", Map.of()));
    assertThat(files()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"none", "blosc"})
  void columnsMayBeLargerThanMemoryHolds(String compression) throws IOException {
    write(numbers(1_500_000, 1), "append", Map.of("compression", compression));
    assertThat(read(target()).selectExpr("sum(id)", "sum(x)").head())
        .hasToString("[1124999250000,5.62499625E11]");
    assertThat(Files.size(folder.resolve("out.gio#0")))
        .isCloseTo(
            compression.equals("none") ? 24_000_000 : 1_000_000,
            Percentage.withPercentage(compression.equals("none") ? 1 : 90));
  }

  @Test
  void strictIsWhatPygioReads() throws IOException {
    write(
        numbers(3, 1).selectExpr("x AS b", "id AS a", "x AS Z"),
        "append",
        Map.of("strict", "true"));
    try (GenericIOFile file = GenericIOFile.open(target())) {
      assertThat(file.variables().stream().map(Variable::name)).containsExactly("Z", "a", "b");
    }
    for (String column : List.of("cast(id as smallint)", "cast(id as tinyint)")) {
      assertRefused(
          ErrorCode.DTYPE_UNSUPPORTED,
          () ->
              write(
                  numbers(3, 1).selectExpr(column + " AS c"),
                  "overwrite",
                  Map.of("strict", "true")));
    }
  }

  @Test
  void optionsAndColumnsAreChecked() throws IOException {
    for (Map<String, String> wrong :
        List.of(
            Map.of("boxSize", "1", "scale", "1,1,1"),
            Map.of("boxSize", "wide"),
            Map.of("origin", "1,2"),
            Map.of("scale", "1,2,NaN"),
            Map.of("compression", "sz"),
            Map.of("strict", "pygio"))) {
      assertRefused(ErrorCode.OPTION_INVALID, () -> write(numbers(3, 1), "append", wrong));
    }
    assertRefused(
        ErrorCode.COLUMN_TYPE,
        () -> write(numbers(3, 1).selectExpr("cast(id as string) AS s"), "append", Map.of()));
    assertRefused(
        ErrorCode.DTYPE_UNSUPPORTED,
        () -> write(numbers(3, 1).selectExpr("id > 1 AS flag"), "append", Map.of()));
    assertRefused(
        ErrorCode.COLUMN_NAME,
        () ->
            write(numbers(3, 1).selectExpr("id AS `" + "n".repeat(257) + "`"), "append", Map.of()));
    assertThat(files()).isEmpty();
  }
}
