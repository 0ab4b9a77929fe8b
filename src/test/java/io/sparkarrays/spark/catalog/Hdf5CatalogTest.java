// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.read.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.ExplainMode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalog of HDF5 files in SQL: names, listings, descriptions, and what is refused. */
final class Hdf5CatalogTest {

  private static final Path CASES = Path.of("src/test/resources/hdf5/cases").toAbsolutePath();

  @TempDir private static Path root;

  @TempDir private Path folder;

  private static SparkSession spark;

  @BeforeAll
  static void setUp() throws IOException {
    Path day = Files.createDirectories(root.resolve("day.1"));
    for (String name : List.of("groups_v110.h5", "dtypes_other_v112.h5", "attributes_latest.h5")) {
      Files.copy(CASES.resolve(name), day.resolve(name));
    }
    Files.writeString(day.resolve("notes.txt"), "");
    Files.createDirectories(day.resolve(".hidden"));
    Files.copy(CASES.resolve("groups_v110.h5"), root.resolve("odd`n.a me.h5"));
    spark = LocalSpark.session();
    spark.conf().set("spark.sql.catalog.hdf5", Hdf5Catalog.class.getName());
    spark.conf().set("spark.sql.catalog.rooted", Hdf5Catalog.class.getName());
    spark.conf().set("spark.sql.catalog.rooted.root", root.toString());
    spark.conf().set("spark.sql.catalog.rooted.frames", "binary");
  }

  private static String groups() {
    return "hdf5.`" + CASES.resolve("groups_v110.h5") + "`";
  }

  /** The first two columns of rows, joined. */
  private static List<String> lines(String query) {
    return spark.sql(query).collectAsList().stream()
        .map(row -> row.length() == 1 ? row.get(0).toString() : row.get(0) + " " + row.get(1))
        .toList();
  }

  @Test
  void readsADataSetByItsName() {
    String direct = CASES.resolve("groups_v110.h5").toString();
    List<Row> expected =
        spark.read().format("hdf5").option("dataset", "/few/a").load(direct).collectAsList();
    assertThat(expected).hasSize(4);
    Dataset<Row> table = spark.sql("SELECT * FROM " + groups() + ".few.a ORDER BY frame_index");
    assertThat(table.collectAsList()).isEqualTo(expected);
    assertThat(spark.table(groups() + ".`few/a`").collectAsList()).isEqualTo(expected);
    assertThat(
            spark
                .sql("SELECT a, _file FROM " + groups() + ".few.a WHERE frame_index = 3")
                .collectAsList())
        .singleElement()
        .isEqualTo(RowFactory.create(expected.get(3).get(1), direct));
  }

  @Test
  void namesBeginAtTheRoot() {
    assertThat(lines("SHOW NAMESPACES IN rooted")).containsExactly("`day.1`", "`odd``n.a me.h5`");
    assertThat(lines("SHOW NAMESPACES IN rooted.`day.1`"))
        .containsExactly(
            "`day.1`.`attributes_latest.h5`",
            "`day.1`.`dtypes_other_v112.h5`",
            "`day.1`.`groups_v110.h5`");
    assertThat(lines("SHOW TABLES IN rooted.`day.1`")).isEmpty();
    assertThat(lines("SHOW TABLES IN rooted.`odd``n.a me.h5`.few"))
        .contains("`odd``n.a me.h5`.few a");
    assertThat(spark.sql("SELECT a FROM rooted.`odd``n.a me.h5`.few.a").count()).isEqualTo(4);
    assertThat(spark.sql("SELECT a FROM rooted.`day.1/groups_v110.h5`.few.a").count()).isEqualTo(4);
  }

  @Test
  void groupsAreNamespaces() {
    assertThat(lines("SHOW NAMESPACES IN " + groups() + ".a"))
        .containsExactly("`" + CASES.resolve("groups_v110.h5") + "`.a.b");
    assertThat(lines("SHOW TABLES IN " + groups() + ".a.b.c"))
        .containsExactly("`" + CASES.resolve("groups_v110.h5") + "`.a.b.c deep");
    spark.sql("USE " + groups() + ".few");
    try {
      assertThat(spark.sql("SELECT * FROM a").count()).isEqualTo(4);
    } finally {
      spark.sql("USE spark_catalog.default");
    }
  }

  @Test
  void membersOfRecordsAreColumns() {
    String file = CASES.resolve("dtypes_other_v112.h5").toString();
    Dataset<Row> table = spark.table("hdf5.`" + file + "`.compound_nested");
    assertThat(table.columns()).startsWith("frame_index", "a", "b", "in");
    Dataset<Row> structs =
        spark.read().format("hdf5").option("dataset", "/compound_nested").load(file);
    assertThat(table.orderBy("frame_index").collectAsList())
        .isEqualTo(
            structs
                .select("frame_index", "compound_nested.*")
                .orderBy("frame_index")
                .collectAsList());
    assertThat(table.select("in.x").collectAsList())
        .isEqualTo(structs.select("compound_nested.in.x").collectAsList());
    assertThat(table.select("b").queryExecution().explainString(ExplainMode.fromString("simple")))
        .doesNotContain("frame_index#");
    assertThat(
            spark.table("hdf5.`" + file + "`.compound_vlen").orderBy("frame_index").collectAsList())
        .isEqualTo(
            spark
                .read()
                .format("hdf5")
                .option("dataset", "/compound_vlen")
                .load(file)
                .select("frame_index", "compound_vlen.*")
                .orderBy("frame_index")
                .collectAsList());
  }

  @Test
  void describesAttributes() {
    String file = "hdf5.`" + CASES.resolve("attributes_latest.h5") + "`";
    List<String> namespace = lines("DESCRIBE NAMESPACE EXTENDED " + file);
    assertThat(namespace).contains("Location " + CASES.resolve("attributes_latest.h5"));
    List<String> table = lines("DESCRIBE TABLE EXTENDED " + groups() + ".few.a");
    assertThat(table)
        .contains(
            "frame_index bigint",
            "a int",
            "Type EXTERNAL",
            "Provider hdf5",
            "Location " + CASES.resolve("groups_v110.h5") + "/few/a");
    assertThat(String.join("\n", table)).contains("shape=(4,)");
    assertThat(lines("SHOW TBLPROPERTIES " + file + ".d"))
        .contains("be [1, 2]", "bool true", "dtype uint8", "shape (3,)");
    assertThat(lines("DESCRIBE NAMESPACE EXTENDED " + file + ".ordered").toString())
        .contains("(a,97)", "(z,122)");
  }

  @Test
  void defaultsAreTheSessionsThenTheCatalogsThenTheQuerys() {
    String table = "rooted.`day.1/dtypes_other_v112.h5`.compound_nested";
    assertThat(spark.table("rooted.`day.1/groups_v110.h5`.few.a").columns())
        .containsExactly(TableSchema.FRAME_INDEX, "a");
    spark.conf().set("spark.datasource.arrays.records", "struct");
    try {
      assertThat(spark.table(table).columns())
          .containsExactly(TableSchema.FRAME_INDEX, "compound_nested");
    } finally {
      spark.conf().unset("spark.datasource.arrays.records");
    }
    assertThat(
            spark
                .sql("SELECT a FROM " + groups() + ".few.a WITH (maxPartitionBytes = 4)")
                .rdd()
                .getNumPartitions())
        .isEqualTo(4);
    assertThat(
            LocalSpark.assertRefused(
                ErrorCode.OPTION_INVALID,
                () -> spark.sql("SELECT * FROM " + table + " WITH (records = 'struct')").collect()))
        .contains("records", "they change the table's columns");
    LocalSpark.assertRefused(
        ErrorCode.OPTION_INVALID,
        () -> spark.sql("SELECT * FROM " + table + " WITH (dataset = '/other')").collect());
  }

  @ParameterizedTest
  @ValueSource(strings = {".few.none", ".none.a", ".a", ".few.a.more"})
  void whatIsNotThereIsNoTable(String name) {
    assertThatThrownBy(() -> spark.sql("SELECT * FROM " + groups() + name).collect())
        .hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hdf5.`/none/run.h5`", "hdf5.relative", "rooted.none"})
  void whatIsNotThereIsNoNamespace(String name) {
    assertThatThrownBy(() -> spark.sql("SHOW TABLES IN " + name).collect())
        .hasMessageContaining("SCHEMA_NOT_FOUND");
    assertThatThrownBy(() -> spark.sql("DESCRIBE NAMESPACE " + name).collect())
        .hasMessageContaining("SCHEMA_NOT_FOUND");
    assertThatThrownBy(() -> spark.sql("SELECT * FROM " + name + ".t").collect())
        .hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE %s.few.other (x INT)",
        "CREATE TABLE %s.few.other AS SELECT 1 AS x",
        "DROP TABLE %s.few.a",
        "ALTER TABLE %s.few.a SET TBLPROPERTIES ('x' = '1')",
        "ALTER TABLE %s.few.a RENAME TO b",
        "CREATE NAMESPACE %s.other",
        "DROP NAMESPACE %s.few"
      })
  void refusesToChangeFiles(String statement) {
    LocalSpark.assertRefused(
        ErrorCode.OPERATION_UNSUPPORTED,
        () -> spark.sql(String.format(Locale.ROOT, statement, groups())));
  }

  @Test
  void refusesToWriteRows() {
    assertThatThrownBy(() -> spark.sql("INSERT INTO " + groups() + ".few.a VALUES (4L, 1)"))
        .hasMessageContaining("OPERATION_UNSUPPORTED");
    assertThatThrownBy(() -> spark.sql("DELETE FROM " + groups() + ".few.a WHERE frame_index = 1"))
        .hasMessageContaining("does not support deletes");
  }

  @Test
  void readsTheFilesOfAGlob() throws IOException {
    Path scans = Files.createDirectories(folder.resolve("scans"));
    List<String> files =
        List.of(scans.resolve("1.h5").toString(), scans.resolve("2.h5").toString());
    for (String file : files) {
      Files.copy(CASES.resolve("groups_v110.h5"), Path.of(file));
    }
    assertThat(
            spark
                .table("hdf5.`" + scans + "/*.h5`.few.a")
                .select("_file")
                .distinct()
                .as(Encoders.STRING())
                .collectAsList())
        .containsExactlyInAnyOrderElementsOf(files);
  }

  @Test
  void looksIntoNoFileOutsideIfTheSessionSaysSo() throws IOException {
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere")).resolve("t.h5");
    Files.copy(CASES.resolve("links_target.h5"), elsewhere);
    Path inside = Files.createDirectories(folder.resolve("inside"));
    Files.copy(CASES.resolve("groups_v110.h5"), inside.resolve("run.h5"));
    Files.createSymbolicLink(inside.resolve("links_target.h5"), elsewhere);
    String table = "hdf5.`" + inside.resolve("run.h5") + "`.ext";
    assertThat(spark.sql("DESCRIBE TABLE EXTENDED " + table).count()).isPositive();
    spark.conf().set("spark.datasource.arrays.sources", "below");
    try {
      LocalSpark.assertRefused(
          ErrorCode.SOURCE_OUTSIDE, () -> spark.sql("DESCRIBE TABLE EXTENDED " + table));
      LocalSpark.assertRefused(
          ErrorCode.SOURCE_OUTSIDE, () -> spark.sql("DESCRIBE NAMESPACE " + table));
    } finally {
      spark.conf().unset("spark.datasource.arrays.sources");
    }
  }

  @Test
  void readsAFileByItsNameAlone() {
    Path file = CASES.resolve("swmr_closed.h5");
    List<Row> expected =
        spark.read().format("hdf5").load(file.toString()).orderBy("frame_index").collectAsList();
    assertThat(spark.table("hdf5.`" + file + "`").orderBy("frame_index").collectAsList())
        .isEqualTo(expected);
    LocalSpark.assertRefused(ErrorCode.DATASET_UNCLEAR, () -> spark.table(groups()));
  }
}
