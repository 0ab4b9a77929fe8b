// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.write.SavedFrames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options by themselves, and as Spark hands them over. */
class OptionsTest {

  @TempDir static Path folder;
  private static String path;

  @BeforeAll
  static void write() {
    path = folder.resolve("scan").toString();
    SavedFrames.writer(SavedFrames.rows(0, 12, 0), "append").save(path);
  }

  private static ReadOptions read(String... pairs) {
    Map<String, String> values = new HashMap<>(Map.of("path", "/data/scan"));
    for (int i = 0; i < pairs.length; i += 2) {
      values.put(pairs[i], pairs[i + 1]);
    }
    return ReadOptions.of(values);
  }

  @Test
  void defaultsAreAsTheTableSays() {
    ReadOptions read = read();
    assertThat(read.frames()).isEqualTo(FrameForm.ARRAY);
    assertThat(read.signed()).isFalse();
    assertThat(read.region()).isEmpty();
    assertThat(read.dims()).isEmpty();
    assertThat(read.metadataColumns()).isEmpty();
    assertThat(read.maxPartitionBytes()).isEqualTo(128L << 20);
    assertThat(read.batchBytes()).isEqualTo(8L << 20);
    assertThat(read.missing()).isEqualTo(MissingMode.FAIL);
    assertThat(read.hostsTimeout()).isEqualTo(Duration.ofSeconds(30));
    WriteOptions write = WriteOptions.of(Map.of("path", "/data/scan"));
    assertThat(write.overwriteMode()).isEqualTo(OverwriteMode.ALL);
    assertThat(write.partitions()).isEmpty();
  }

  @Test
  void valuesAreReadAsPeopleWriteThem() {
    ReadOptions read =
        read(
            "FRAMES", " Nested ",
            "unSigned", "SIGNED",
            "maxpartitionbytes", "64m",
            "batchBytes", "1000",
            "dims", "y , x",
            "metadataColumns", "_file, _offset",
            "region", " ",
            "missing", "skip",
            "hostsTimeout", "2min");
    assertThat(read.frames()).isEqualTo(FrameForm.NESTED);
    assertThat(read.signed()).isTrue();
    assertThat(read.maxPartitionBytes()).isEqualTo(64L << 20);
    assertThat(read.batchBytes()).isEqualTo(1000);
    assertThat(read.dims()).contains(List.of("y", "x"));
    assertThat(read.metadataColumns()).containsExactly("_file", "_offset");
    assertThat(read.region()).isEmpty();
    assertThat(read.missing()).isEqualTo(MissingMode.SKIP);
    assertThat(read.hostsTimeout()).isEqualTo(Duration.ofMinutes(2));
  }

  @ParameterizedTest
  @CsvSource({
    "frames,rows",
    "unsigned,yes",
    "maxPartitionBytes,0",
    "maxPartitionBytes,-1m",
    "batchBytes,many",
    "dims,'y,,x'",
    "missing,maybe",
    "hostsTimeout,0s",
    "hostsTimeout,soon"
  })
  void valuesThatCannotBeNameTheOption(String option, String value) {
    assertThat(assertRefused(ErrorCode.OPTION_INVALID, () -> read(option, value)))
        .contains("option " + option)
        .contains("Give: " + ArrayOption.of(option).orElseThrow().meaning());
  }

  @Test
  void pathsAreAbsoluteAndLocal() {
    assertThat(PathOption.of(Map.of("path", "/a/./b/../c/"))).isEqualTo("/a/c");
    assertThat(PathOption.of(Map.of("path", "file:///a%20b/c"))).isEqualTo("/a b/c");
    assertThat(PathOption.of(Map.of("path", "file:/a/c"))).isEqualTo("/a/c");
    assertThat(PathOption.of(Map.of("path", "file:/a/c.gio#3"))).isEqualTo("/a/c.gio#3");
    assertThat(PathOption.of(Map.of("path", "/a/c.gio#3"))).isEqualTo("/a/c.gio#3");
    assertRefused(ErrorCode.PATH_NOT_ABSOLUTE, () -> PathOption.of(Map.of("path", "a/b")));
    assertRefused(ErrorCode.OPTION_INVALID, () -> PathOption.of(Map.of("path", "hdfs://h/a")));
    assertRefused(ErrorCode.OPTION_MISSING, () -> PathOption.of(Map.of("path", " ")));
    assertRefused(ErrorCode.OPTION_MISSING, () -> PathOption.of(Map.of()));
  }

  @Test
  void severalPathsAreRefused() {
    assertThat(
            assertRefused(
                ErrorCode.OPTION_INVALID,
                () -> LocalSpark.session().read().format("clusterdata").load(path, path)))
        .contains("several paths", "union");
  }

  @Test
  void anUnknownOptionGivesAWarningWithTheNearestName() {
    SparkSession spark = LocalSpark.session();
    try (LoggedLines log = new LoggedLines(Options.class)) {
      spark.read().format("clusterdata").option("batchbyte", "1m").load(path);
      assertThat(log.lines())
          .contains("WARN Unknown option 'batchbyte' is ignored; did you mean 'batchBytes'?");
    }
    try (LoggedLines log = new LoggedLines(Options.class)) {
      spark.read().format("clusterdata").option("batchBytes", "1m").load(path).collectAsList();
      spark.sql(
          "CREATE OR REPLACE TEMPORARY VIEW v USING clusterdata OPTIONS (path '" + path + "')");
      // Spark hands what a streaming query was told on to the table.
      Map<String, String> sparks = Map.of("checkpointLocation", "c", "queryName", "q");
      spark.read().format("clusterdata").options(sparks).load(path);
      assertThat(log.lines()).isEmpty();
    }
  }

  private static DataType frameType(String sql) {
    return LocalSpark.session().sql(sql).schema().apply("frame").dataType();
  }

  @Test
  void theSessionSetsDefaults() {
    SparkSession spark = LocalSpark.session();
    String table = "spark_arrays.clusterdata.`" + path + "`";
    assertThat(frameType("SELECT * FROM " + table)).isNotInstanceOf(BinaryType.class);
    spark.conf().set("spark.datasource.arrays.frames", "binary");
    spark.conf().set("spark.datasource.arrays.missing", "skip");
    try {
      DataType read =
          spark.read().format("clusterdata").load(path).schema().apply("frame").dataType();
      assertThat(read).isInstanceOf(BinaryType.class);
      assertThat(frameType("SELECT * FROM " + table)).isInstanceOf(BinaryType.class);
      DataType own =
          spark
              .read()
              .format("clusterdata")
              .option("FRAMES", "array")
              .load(path)
              .schema()
              .apply("frame")
              .dataType();
      assertThat(own).isNotInstanceOf(BinaryType.class);
    } finally {
      spark.conf().unset("spark.datasource.arrays.frames");
      spark.conf().unset("spark.datasource.arrays.missing");
    }
  }

  @Test
  void theSessionSetsDefaultsOfWritesToo() {
    SparkSession spark = LocalSpark.session();
    Map<String, String> defaults = Map.of("scanShape", "3,4", "frameShape", "3", "partitions", "4");
    Path saved = folder.resolve("by-defaults");
    defaults.forEach(
        (option, value) -> spark.conf().set("spark.datasource.arrays." + option, value));
    try {
      SavedFrames.rows(0, 9, 3).write().format("clusterdata").mode("append").save(saved.toString());
    } finally {
      defaults.keySet().forEach(option -> spark.conf().unset("spark.datasource.arrays." + option));
    }
    assertThat(SavedFrames.onDisk(saved))
        .isEqualTo(SavedFrames.expected(12, 3, frame -> frame < 9));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b", "50%", "%20", "what?", "a&b=c", "a=1?b=2", "é漢😀", "a+b", "#1", "it's", "x\"y"
      })
  void aDataSetMayHaveAnyName(String name) {
    Path odd = folder.resolve("odd").resolve(name);
    SavedFrames.writer(SavedFrames.rows(0, 9, 3), "errorifexists").save(odd.toString());
    SavedFrames.writer(SavedFrames.rows(9, 12, 3), "append").save(odd.toString());
    assertThat(SavedFrames.onDisk(odd)).isEqualTo(SavedFrames.expected(12, 3, frame -> true));
    assertThat(LocalSpark.session().read().format("clusterdata").load(odd.toString()).count())
        .isEqualTo(12);
  }
}
