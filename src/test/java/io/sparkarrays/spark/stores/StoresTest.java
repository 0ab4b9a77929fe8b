// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stores;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.genericio.Coords;
import io.sparkarrays.genericio.GenericIOFile;
import io.sparkarrays.genericio.RankBlock;
import io.sparkarrays.genericio.ReferenceFiles;
import io.sparkarrays.genericio.Vector3;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.TempFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both stores, in memory and on disk, case by case as haccytrees has them or deliberately not. */
class StoresTest {

  @TempDir Path folder;
  private SparkSession spark;

  @BeforeEach
  void start() {
    spark = LocalSpark.session();
  }

  private String prefix(boolean disk) {
    return disk ? folder + "/tmp" : null;
  }

  private GenericIOStore genericio(boolean disk) {
    return new GenericIOStore(spark, null, 64, prefix(disk));
  }

  private NumpyStore numpy(boolean disk) {
    return new NumpyStore(spark, null, prefix(disk));
  }

  /** Rows numbered through in so many partitions, columns not in the order of their names. */
  private Dataset<Row> rows(int count, int partitions) {
    return spark
        .range(0, count, 1, partitions)
        .selectExpr("CAST(id AS FLOAT) / 4 AS x", "id AS id", "CAST(-id AS INT) AS n");
  }

  private static List<List<Row>> byRank(Dataset<Row> table) {
    List<List<Row>> ranks = new ArrayList<>();
    for (List<Row> rank : table.javaRDD().glom().collect()) {
      ranks.add(List.copyOf(rank));
    }
    return ranks;
  }

  private static Map<String, StoredArray> arrays(int rank) {
    Map<String, StoredArray> arrays = new LinkedHashMap<>();
    arrays.put("z", new StoredArray(Dtype.parse("int16"), Shape.of(2, 1), new byte[] {1, 0, 2, 0}));
    arrays.put("a b", new StoredArray(Dtype.parse(">f4"), Shape.of(), new byte[] {0, 0, 0, 65}));
    arrays.put("none/x", new StoredArray(Dtype.parse("bool"), Shape.of(0, 3), new byte[0]));
    arrays.put("r", new StoredArray(Dtype.parse("uint8"), Shape.of(rank), new byte[rank]));
    return arrays;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTableComesBackRankByRank(boolean disk) throws IOException {
    try (GenericIOStore store = genericio(disk)) {
      Dataset<Row> table = rows(10, 3);
      store.put("pos_0", table);
      List<Row> wanted = table.select("id", "n", "x").collectAsList();
      assertThat(byRank(store.get("pos_0").select("id", "n", "x")))
          .isEqualTo(byRank(table.select("id", "n", "x")));
      // Files have their columns sorted by name.
      assertThat(store.get("pos_0").columns())
          .containsExactly(disk ? new String[] {"id", "n", "x"} : new String[] {"x", "id", "n"});
      assertThat(store.getField("pos_0", "x").collectAsList())
          .isEqualTo(table.select("x").collectAsList());
      assertThat(store.getField("pos_0").columns()).isEmpty();
      assertThat(store.getField("pos_0").count()).isEqualTo(10);
      assertRefused(ErrorCode.COLUMN_UNKNOWN, () -> store.getField("pos_0", "y"));
      assertRefused(ErrorCode.COLUMN_NAME, () -> store.getField("pos_0", "x", "x"));
      assertThat(store.contains("pos_0")).isTrue();
      assertThat(store.pop("pos_0").select("id", "n", "x").collectAsList()).isEqualTo(wanted);
      assertThat(store.contains("pos_0")).isFalse();
    }
    assertThat(TempFolder.names(folder)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void emptyRanksStayRanks(boolean disk) throws IOException {
    try (GenericIOStore store = genericio(disk)) {
      Dataset<Row> table = rows(6, 3).where("id < 2 OR id > 3");
      store.put("k", table);
      assertThat(byRank(store.get("k"))).extracting(List::size).containsExactly(2, 0, 2);
      store.put("k", rows(4, 2).where("id < 0"));
      assertThat(byRank(store.get("k"))).extracting(List::size).containsExactly(0, 0);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aMissingKeyIsOneError(boolean disk) throws IOException {
    try (GenericIOStore tables = genericio(disk);
        NumpyStore arrays = numpy(disk)) {
      for (TableStore store : List.of(tables, arrays)) {
        assertThatThrownBy(() -> store.get("k")).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> store.pop("k")).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> store.remove("k")).isInstanceOf(NoSuchElementException.class);
        assertThat(store.contains("k")).isFalse();
        assertThat(store.keys()).isEmpty();
      }
      assertThatThrownBy(() -> tables.getField("k", "x"))
          .isInstanceOf(NoSuchElementException.class)
          .hasMessageContaining("'k'");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keysAreTakenAsTheyStand(boolean disk) throws IOException {
    try (GenericIOStore tables = genericio(disk);
        NumpyStore arrays = numpy(disk)) {
      for (TableStore store : List.of(tables, arrays)) {
        boolean entries = store == arrays;
        for (Object key : List.of("a/b", "z[1]", "z1", "../x", 499, "pos", "pos_0", "*")) {
          if (entries) {
            arrays.put(key, List.of(arrays(1), arrays(2)));
          } else {
            store.put(key, rows(4, 2));
          }
        }
        assertThat(store.keys())
            .containsExactlyInAnyOrder("a/b", "z[1]", "z1", "../x", "499", "pos", "pos_0", "*");
        assertThat(store.contains("499")).isTrue();
        store.remove("z[1]");
        store.remove("*");
        store.remove("pos");
        store.remove("499");
        assertThat(store.keys()).containsExactlyInAnyOrder("a/b", "z1", "../x", "pos_0");
        assertThat(store.get("../x").count()).isEqualTo(entries ? 8 : 4);
        assertRefused(ErrorCode.KEY_INVALID, () -> store.get("a/../../x"));
        assertRefused(ErrorCode.KEY_INVALID, () -> store.get("a//b"));
      }
    }
    if (disk) {
      // Nothing went beside the prefix.
      assertThat(TempFolder.names(folder)).allMatch(name -> name.startsWith("tmp_"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anotherNumberOfRanksIsRefused(boolean disk) throws IOException {
    Partition two = new Partition(2);
    try (GenericIOStore any = genericio(disk);
        GenericIOStore tables = new GenericIOStore(spark, two, 1, prefix(disk));
        NumpyStore arrays = new NumpyStore(spark, two, prefix(disk))) {
      assertRefused(ErrorCode.RANKS_DIFFER, () -> tables.put("k", rows(4, 3)));
      assertRefused(ErrorCode.RANKS_DIFFER, () -> arrays.put("k", List.of(arrays(0))));
      assertThat(TempFolder.names(folder)).isEmpty();
      if (disk) {
        any.put("k", rows(4, 3));
        assertRefused(ErrorCode.RANKS_DIFFER, () -> tables.get("k"));
      }
    }
    assertRefused(ErrorCode.OPTION_INVALID, () -> new Partition(4, new Coords(2, 1, 1)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void arraysComeBackRankByRank(boolean disk) throws IOException {
    try (NumpyStore store = numpy(disk)) {
      List<Map<String, StoredArray>> ranks = List.of(arrays(0), Map.of(), arrays(3));
      store.put("idx", ranks);
      assertThat(store.getArrays("idx")).isEqualTo(ranks);
      assertThat(store.getArrays("idx").get(2).keySet()).containsExactly("z", "a b", "none/x", "r");
      store.put("idx", List.of(arrays(5)));
      assertThat(store.getArrays("idx")).isEqualTo(List.of(arrays(5)));
      if (disk) {
        assertThat(TempFolder.names(folder)).containsExactly("tmp_idx.tmp.rank-0.npz");
      }
      Dataset<Row> popped = store.pop("idx");
      assertThat(popped.count()).isEqualTo(4);
      assertThat(store.keys()).isEmpty();
      assertThat(popped.select("values").collectAsList()).hasSize(4);
    }
    assertThat(TempFolder.names(folder)).isEmpty();
  }

  @Test
  void filesAreThoseOfTheOriginal() throws IOException {
    try (GenericIOStore store =
        new GenericIOStore(spark, new Partition(4, new Coords(2, 1, 2)), 64, prefix(true))) {
      store.put(499, rows(8, 4));
      assertThat(TempFolder.names(folder))
          .containsExactly(
              "tmp_499.tmp.gio",
              "tmp_499.tmp.gio#0",
              "tmp_499.tmp.gio#1",
              "tmp_499.tmp.gio#2",
              "tmp_499.tmp.gio#3");
      try (GenericIOFile file = GenericIOFile.open(folder.resolve("tmp_499.tmp.gio"))) {
        assertThat(file.scale()).isEqualTo(new Vector3(192, 192, 192));
        assertThat(file.origin()).isEqualTo(Vector3.ZERO);
        assertThat(file.dims()).isEqualTo(new Coords(2, 1, 2));
        assertThat(file.ranks())
            .extracting(rank -> rank.coords())
            .containsExactly(
                new Coords(0, 0, 0), new Coords(0, 0, 1), new Coords(1, 0, 0), new Coords(1, 0, 1));
      }
    }
    try (GenericIOStore store = genericio(true)) {
      assertThat(store.get("499").count()).isEqualTo(8);
      store.put("499", rows(5, 1));
      assertThat(TempFolder.names(folder)).containsExactly("tmp_499.tmp.gio");
      assertThat(store.get(499).count()).isEqualTo(5);
      store.put("499", rows(5, 2));
      store.put("499", rows(6, 2));
      assertThat(TempFolder.names(folder)).hasSize(3);
      assertThat(store.get(499).count()).isEqualTo(6);
    }
  }

  @Test
  void aPrefixMayEndInASlashAndItsFolderIsMade() throws IOException {
    try (GenericIOStore store = new GenericIOStore(spark, null, 1, folder + "/new/deep/")) {
      store.put("k", rows(2, 1));
      assertThat(TempFolder.names(folder.resolve("new/deep"))).containsExactly("_k.tmp.gio");
      assertThat(store.keys()).containsExactly("k");
      assertThat(store.get("k").count()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gio/all_r2.gio",
        "gio/vec_r2.gio",
        "more/half_r1.gio",
        "gio/empty_rank_r3.gio",
        "gio/empty_all_r2.gio"
      })
  void filesOfOthersAreReadWhateverTheirTypes(String name) throws IOException {
    Files.copy(ReferenceFiles.FOLDER.resolve(name), folder.resolve("tmp_k.tmp.gio"));
    spark.conf().set("spark.datasource.arrays.unsigned", "signed");
    try (GenericIOStore store = genericio(true);
        GenericIOFile file = GenericIOFile.open(folder.resolve("tmp_k.tmp.gio"))) {
      Dataset<Row> got = store.get("k");
      List<Long> rows = file.ranks().stream().map(RankBlock::rows).toList();
      assertThat(got.toJavaRDD().glom().map(rank -> (long) rank.size()).collect()).isEqualTo(rows);
      spark.conf().unset("spark.datasource.arrays.unsigned");
      Dataset<Row> wanted =
          spark.read().format("genericio").load(folder.resolve("tmp_k.tmp.gio").toString());
      assertThat(got.schema()).isEqualTo(wanted.schema());
      assertThat(got.collectAsList()).hasToString(wanted.collectAsList().toString());
    } finally {
      spark.conf().unset("spark.datasource.arrays.unsigned");
    }
  }

  @Test
  void onDiskOnlyTheFiveTypesOfTheOriginalAreTaken() throws IOException {
    try (GenericIOStore disk = genericio(true);
        GenericIOStore memory = genericio(false)) {
      for (String column :
          List.of("CAST(id AS SHORT) AS c", "id > 1 AS c", "CAST(id AS BYTE) AS c")) {
        Dataset<Row> table = spark.range(3).selectExpr(column);
        assertRefused(ErrorCode.DTYPE_UNSUPPORTED, () -> disk.put("k", table));
        memory.put("k", table);
        assertThat(memory.get("k").collectAsList()).isEqualTo(table.collectAsList());
      }
      assertRefused(
          ErrorCode.COLUMN_TYPE, () -> disk.put("k", spark.range(3).selectExpr("'a' AS c")));
      assertRefused(ErrorCode.COLUMN_MISSING, () -> disk.put("k", spark.range(3).selectExpr()));
      assertThat(disk.keys()).isEmpty();
    }
  }

  @Test
  void whatIsInMemoryDoesNotChangeWithItsSource() throws IOException {
    Path source = folder.resolve("source");
    rows(4, 2).write().parquet(source.toString());
    try (GenericIOStore store = genericio(false)) {
      store.put("a", spark.read().parquet(source.toString()));
      store.put("b", spark.read().parquet(source.toString()));
      rows(9, 2).write().mode("overwrite").parquet(source.toString());
      store.remove("a");
      assertThat(store.get("b").count()).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFailedPutLeavesWhatWasThere(boolean disk) throws IOException {
    try (GenericIOStore tables = genericio(disk);
        NumpyStore arrays = numpy(disk)) {
      tables.put("k", rows(4, 2));
      arrays.put("k", List.of(arrays(1), arrays(2)));
      List<String> before = TempFolder.names(folder);
      String fail = "IF(id < 5, id, raise_error('broken')) AS id";
      assertThatThrownBy(() -> tables.put("k", spark.range(0, 6, 1, 2).selectExpr(fail)))
          .hasStackTraceContaining("broken");
      Dataset<Row> entries =
          spark
              .range(0, 6, 1, 2)
              .selectExpr(fail)
              .selectExpr("CAST(id AS STRING) AS name", "array(id) AS values");
      assertThatThrownBy(() -> arrays.put("k", entries)).hasStackTraceContaining("broken");
      assertThat(TempFolder.names(folder)).isEqualTo(before);
      assertThat(tables.get("k").count()).isEqualTo(4);
      assertThat(arrays.getArrays("k")).isEqualTo(List.of(arrays(1), arrays(2)));
    }
  }

  @Test
  void fourTasksAtOnceDoNotDisturbEachOther() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (GenericIOStore tables = genericio(true);
        NumpyStore arrays = numpy(true)) {
      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int number = i;
        work.add(
            () -> {
              SparkSession.setActiveSession(spark);
              for (int turn = 0; turn < 3; turn++) {
                tables.put(number, rows(10 + number, 4));
                arrays.put(number, List.of(arrays(number), arrays(0)));
                assertThat(tables.get(number).count()).isEqualTo(10 + number);
                assertThat(arrays.getArrays(number).get(0)).isEqualTo(arrays(number));
              }
              return null;
            });
      }
      for (Future<Void> done : threads.invokeAll(work)) {
        done.get();
      }
      assertThat(tables.keys()).containsExactly("0", "1", "2", "3");
      assertThat(arrays.keys()).containsExactly("0", "1", "2", "3");
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void anUnfinishedSetIsNoKeyAndIsReplaced() throws IOException {
    try (NumpyStore store = numpy(true)) {
      store.put("k", List.of(arrays(1), arrays(2), arrays(3)));
      Files.delete(folder.resolve("tmp_k.tmp.rank-1.npz"));
      assertRefused(ErrorCode.PART_MISSING, () -> store.get("k"));
      Files.delete(folder.resolve("tmp_k.tmp.rank-0.npz"));
      assertThat(store.contains("k")).isFalse();
      store.put("k", List.of(arrays(4)));
      assertThat(store.getArrays("k")).isEqualTo(List.of(arrays(4)));
    }
  }

  @Test
  void aClosedStoreTakesAndGivesNothing() throws IOException {
    GenericIOStore store = genericio(false);
    store.put("k", rows(2, 1));
    store.close();
    assertRefused(ErrorCode.HANDLE_STATE, () -> store.get("k"));
    assertRefused(ErrorCode.HANDLE_STATE, store::keys);
  }
}
