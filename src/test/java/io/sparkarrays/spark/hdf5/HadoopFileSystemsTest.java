// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.catalog.Hdf5Catalog;
import io.sparkarrays.spark.options.PathScope;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.read.SeamReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files in Hadoop's file systems give the rows that the same files give as local ones. */
final class HadoopFileSystemsTest {

  private static final Path RESOURCES = Path.of("src/test/resources").toAbsolutePath();
  private static final Path CASES = RESOURCES.resolve("hdf5/cases");
  private static final Path VIRTUAL = RESOURCES.resolve("vds");
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

  private static SparkSession spark;

  @TempDir Path folder;

  /** The local disk under a scheme that nothing else knows. */
  public static final class DiskFileSystem extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("disk:///");
    }

    @Override
    public String getScheme() {
      return "disk";
    }
  }

  @BeforeAll
  static void setUp() {
    spark = LocalSpark.session();
    Configuration settings = spark.sparkContext().hadoopConfiguration();
    settings.setClass("fs.disk.impl", DiskFileSystem.class, FileSystem.class);
    settings.set("fs.viewfs.mounttable.arrays.link./res", RESOURCES.toUri().toString());
    spark.conf().set("spark.sql.catalog.hdf5", Hdf5Catalog.class.getName());
    spark.conf().set("spark.sql.catalog.mounted", Hdf5Catalog.class.getName());
    spark.conf().set("spark.sql.catalog.mounted.root", "viewfs://arrays/res/hdf5");
  }

  private static String mounted(Path file) {
    return "viewfs://arrays/res/" + RESOURCES.relativize(file);
  }

  private static Dataset<Row> load(String path, String... options) {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < options.length; i += 2) {
      all.put(options[i], options[i + 1]);
    }
    return spark.read().format("hdf5").options(all).load(path);
  }

  private static List<String> rows(Dataset<Row> frames) {
    return frames.toJSON().collectAsList().stream().sorted().toList();
  }

  @Test
  void everyLayoutGivesTheSameFrames() throws IOException {
    int compared = 0;
    for (ReferenceDatasets.Place place : ReferenceDatasets.all()) {
      if (place.rank() == 0) {
        continue;
      }
      assertSame(
          frames(mounted(place.file()), place.dataset(), "0"),
          frames(place.file().toString(), place.dataset(), "0"));
      compared++;
    }
    assertThat(compared).isGreaterThan(200);
  }

  private static void assertSame(Map<Long, byte[]> frames, Map<Long, byte[]> expected) {
    assertThat(frames.keySet()).isEqualTo(expected.keySet());
    expected.forEach((frame, bytes) -> assertThat(frames.get(frame)).isEqualTo(bytes));
  }

  private static Map<Long, byte[]> frames(String path, String dataset, String scanRank)
      throws IOException {
    Map<String, String> all = new HashMap<>();
    all.put("path", path);
    all.put("dataset", dataset);
    all.put("frames", "binary");
    all.put("scanRank", scanRank);
    all.put("missing", "fill");
    ReadOptions options = ReadOptions.of(all, PathScope.FILE_SYSTEMS);
    return new SeamReader(Hdf5Source.open(spark, options), options).read(Integer.MAX_VALUE);
  }

  private static List<Path> virtualFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    for (JsonNode test : new ObjectMapper().readTree(VIRTUAL.resolve("index.json").toFile())) {
      files.add(
          VIRTUAL
              .resolve(test.get("case").asText())
              .resolve(test.get("reads").get(0).get("master").asText()));
    }
    return files;
  }

  @Test
  void virtualDataSetsFindTheirSources() throws IOException {
    int compared = 0;
    for (Path file : virtualFiles()) {
      String name;
      int rank;
      try (Hdf5File open = Hdf5File.open(file)) {
        name = "/" + open.root().names().iterator().next();
        rank = open.dataset(name).shape().rank();
      }
      String scan = rank > 1 ? "1" : "0";
      Map<Long, byte[]> expected = frames(file.toString(), name, scan);
      assertThat(expected).as("%s", file).isNotEmpty();
      assertSame(frames(mounted(file), name, scan), expected);
      compared++;
    }
    assertThat(compared).isGreaterThan(12);
  }

  @Test
  void framesWithoutSourcesAreRefusedOrLeftOut() throws IOException {
    for (String name : List.of("VDS.h5", "0.h5", "1.h5", "3.h5")) {
      Files.copy(VIRTUAL.resolve("vds_simple").resolve(name), folder.resolve(name));
    }
    Path file = folder.resolve("VDS.h5");
    assertThat(
            assertRefused(
                ErrorCode.VDS_SOURCE_MISSING, () -> load(disk(file), "dataset", "vdata").collect()))
        .contains("'2.h5'", disk(folder));
    for (String missing : List.of("skip", "fill")) {
      assertThat(rows(load(disk(file), "dataset", "vdata", "missing", missing)))
          .isEqualTo(rows(load(file.toString(), "dataset", "vdata", "missing", missing)))
          .hasSize(missing.equals("skip") ? 3 : 4);
    }
  }

  private static String disk(Path file) {
    return "disk:" + file;
  }

  @Test
  void findsFoldersGlobsAndLists() throws IOException {
    Path day = Files.createDirectories(folder.resolve("2026-11-21 a%20b/raw"));
    for (String name : List.of("run=2.h5", "run 1.nxs", ".hidden.h5", "notes.txt", "run#3.HDF5")) {
      Files.copy(CASES.resolve("groups_v110.h5"), day.resolve(name));
    }
    Files.createDirectories(day.resolve("folder.h5"));
    String mount = "viewfs://mount" + Integer.toUnsignedString(folder.hashCode()) + "/data";
    spark
        .sparkContext()
        .hadoopConfiguration()
        .set(
            "fs.viewfs.mounttable." + URI.create(mount).getHost() + ".link./data",
            folder.toUri().toString());
    for (String path :
        List.of(
            "/2026-11-21 a%20b/raw",
            "/2026-11-21 a%20b/raw/run*",
            "/2026-11-21 a%20b/raw/run?[0-9]*",
            "/2026-*/raw/*.h5",
            "/*/{raw,none}/run*.{h5,nxs}",
            "/**.h5",
            "/**/raw/run*",
            "/2026-11-21 a%20b/raw/run=2.h5",
            "/2026-11-21 a%20b/../2026-11-21 a%20b/raw//run 1.nxs")) {
      List<String> local = files(folder + path);
      assertThat(local).as(path).isNotEmpty();
      assertThat(files(mount + path))
          .as(path)
          .isEqualTo(local.stream().map(f -> f.replace(folder.toString(), mount)).toList());
    }
    assertThat(
            spark
                .read()
                .format("hdf5")
                .option("dataset", "/few/a")
                .load(day + "/run=2.h5", disk(day.resolve("run 1.nxs")), "file:" + day + "/run#3*")
                .count())
        .isEqualTo(12);
    Files.move(day.resolve("run=2.h5"), day.resolve("run:2.h5"));
    assertThat(files("disk:" + day + "/*:2.h5")).containsExactly("disk:" + day + "/run:2.h5");
    assertRefused(ErrorCode.OPTION_INVALID, () -> load("disk:" + folder + "/[.h5"));
    assertRefused(ErrorCode.OPTION_INVALID, () -> load(mount + "/**/[.h5"));
    assertRefused(ErrorCode.PATH_NOT_FOUND, () -> load("disk:" + folder + "/none*.h5"));
    assertRefused(ErrorCode.PATH_NOT_FOUND, () -> load(mount + "/none/**.h5"));
    assertRefused(ErrorCode.PATH_NOT_FOUND, () -> load("disk:" + folder + "/none.h5"));
    assertThat(assertRefused(ErrorCode.IO_FAILED, () -> load("nowhere://host/run.h5")))
        .contains("nowhere");
  }

  private static List<String> files(String path) {
    return load(path, "dataset", "/few/a")
        .select("_file")
        .distinct()
        .as(Encoders.STRING())
        .collectAsList()
        .stream()
        .sorted()
        .toList();
  }

  @Test
  void sqlNamesThem() {
    String file = mounted(CASES.resolve("groups_v110.h5"));
    List<String> expected = rows(load(file, "dataset", "/few/a"));
    assertThat(expected).hasSize(4);
    assertThat(rows(spark.sql("SELECT * FROM hdf5.`" + file + "`.few.a"))).isEqualTo(expected);
    assertThat(rows(spark.sql("SELECT * FROM mounted.cases.`groups_v110.h5`.few.a")))
        .isEqualTo(expected);
    assertThat(rows(spark.sql("SELECT * FROM mounted.`cases/groups_v1?0.h5`.few.a")))
        .isEqualTo(expected);
    assertThat(rows(spark.sql("SHOW NAMESPACES IN mounted")))
        .containsExactly("{\"namespace\":\"cases\"}", "{\"namespace\":\"expected\"}");
    assertThat(rows(spark.sql("SHOW TABLES IN mounted.cases.`groups_v110.h5`.few")))
        .hasSameSizeAs(rows(spark.sql("SHOW TABLES IN hdf5.`" + CASES + "/groups_v110.h5`.few")))
        .isNotEmpty();
    assertThat(
            spark.sql("DESCRIBE TABLE EXTENDED hdf5.`" + file + "`.few.a").toJSON().collectAsList())
        .anyMatch(line -> line.contains(file + "/few/a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"clusterdata", "npz", "genericio"})
  void otherFormatsRefuseUris(String format) {
    assertThat(
            assertRefused(
                ErrorCode.OPTION_INVALID,
                () -> spark.read().format(format).load("hdfs://namenode/data")))
        .contains("hdfs://namenode/data", "disks of the hosts");
  }

  @Test
  void streamsAndWritesRefuseUris() {
    assertThat(
            assertRefused(
                ErrorCode.OPERATION_UNSUPPORTED,
                () ->
                    spark
                        .readStream()
                        .format("hdf5")
                        .option("dataset", "/few/a")
                        .load(mounted(CASES.resolve("groups_v110.h5")))
                        .writeStream()
                        .format("noop")
                        .start()
                        .processAllAvailable()))
        .contains("viewfs://arrays/res", "followed");
    assertRefused(
        ErrorCode.OPTION_INVALID,
        () -> spark.range(1).write().format("hdf5").mode("errorifexists").save("disk:" + folder));
  }

  @Test
  void filesLeadNoFurtherThanAllowed() throws IOException {
    Path inside = Files.createDirectories(folder.resolve("in/raw"));
    Path cases = VIRTUAL.resolve("odin_blocks_fixed");
    Files.copy(cases.resolve("run_vds.h5"), folder.resolve("in/run_vds.h5"));
    try (Stream<Path> raw = Files.list(cases.resolve("raw"))) {
      for (Path file : raw.toList()) {
        Files.copy(file, inside.resolve(file.getFileName()));
      }
    }
    String below = disk(folder.resolve("in/run_vds.h5"));
    assertThat(rows(load(below, "sources", "below")))
        .isEqualTo(rows(load(cases.resolve("run_vds.h5").toString())));
    Path relative = VIRTUAL.resolve("relative_names/proc/master.h5");
    assertThat(rows(load(mounted(relative)))).isEqualTo(rows(load(relative.toString())));
    assertThat(
            assertRefused(
                ErrorCode.SOURCE_OUTSIDE,
                () -> load(mounted(relative), "sources", "below").collect()))
        .contains("viewfs://arrays/res/vds/relative_names/proc");
  }

  @Test
  void aFileThatIsReplacedIsReadAnew() throws IOException {
    Path file = folder.resolve("file.h5");
    Files.copy(CASES.resolve("storage_basic_latest.h5"), file);
    Files.setLastModifiedTime(file, LONG_AGO);
    FileAccess access =
        FileAccess.of(ReadOptions.of(Map.of("path", disk(file)), PathScope.FILE_SYSTEMS));
    io.sparkarrays.hdf5.Dataset before = dataset(file, access);
    assertThat(dataset(file, access)).isSameAs(before);
    Files.setLastModifiedTime(file, FileTime.from(LONG_AGO.toInstant().plusSeconds(1)));
    assertThat(dataset(file, access)).isNotSameAs(before);
  }

  private static io.sparkarrays.hdf5.Dataset dataset(Path file, FileAccess access)
      throws IOException {
    try (KeptFiles.Use use = KeptFiles.open(disk(file), access)) {
      return use.dataset("/contiguous");
    }
  }
}
