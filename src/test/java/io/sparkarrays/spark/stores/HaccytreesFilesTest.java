// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stores;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.npz.NpyArray;
import io.sparkarrays.npz.NpzFile;
import io.sparkarrays.spark.LocalSpark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What haccytrees' own stores left on disk, two ranks, prefix {@code tmp}, is read as it was. */
class HaccytreesFilesTest {

  private static final Path FILES = Path.of("src/test/resources/genericio/store").toAbsolutePath();
  private static final Partition TWO = new Partition(2);

  @TempDir Path folder;
  private SparkSession spark;

  @BeforeEach
  void start() {
    spark = LocalSpark.session();
  }

  @Test
  void theKeysAreThere() {
    assertThat(new GenericIOStore(spark, TWO, 64, FILES + "/tmp").keys())
        .containsExactly("499", "pos_0");
    assertThat(new NumpyStore(spark, TWO, FILES + "/tmp").keys()).contains("499", "idx");
  }

  @Test
  void tablesAreReadRankByRank() throws IOException {
    Dataset<Row> table = new GenericIOStore(spark, TWO, 64, FILES + "/tmp").get("pos_0");
    List<List<Row>> ranks = table.javaRDD().glom().collect();
    assertThat(ranks).hasSize(2);
    for (int rank = 0; rank < 2; rank++) {
      Path expected = FILES.resolve("tmp_pos_0.expected.rank-" + rank + ".npz");
      try (NpzFile file = NpzFile.open(expected)) {
        assertThat(table.columns())
            .containsExactlyElementsOf(file.names().stream().sorted().toList());
        for (String name : file.names()) {
          NpyArray array = file.array(name);
          assertThat(dtype(table, name)).isEqualTo(array.dtype());
          assertColumn(ranks.get(rank), table.schema().fieldIndex(name), array);
        }
      }
    }
  }

  private static Dtype dtype(Dataset<Row> table, String column) {
    return Dtype.parse(table.schema().apply(column).metadata().getString("dtype"));
  }

  private static void assertColumn(List<Row> rows, int column, NpyArray expected)
      throws IOException {
    ByteBuffer values = expected.read();
    assertThat(rows).hasSize((int) expected.rows());
    for (Row row : rows) {
      Number value = row.getAs(column);
      Number wanted =
          switch (expected.dtype().type()) {
            case FLOAT32 -> values.getFloat();
            case FLOAT64 -> values.getDouble();
            case INT32 -> values.getInt();
            case INT64 -> values.getLong();
            case UINT16 -> Short.toUnsignedInt(values.getShort());
            default -> throw new AssertionError(expected.dtype());
          };
      assertThat(value).isEqualTo(wanted);
    }
  }

  @Test
  void tablesAreWrittenBackAsTheyWere() throws IOException {
    Dataset<Row> table = new GenericIOStore(spark, TWO, 64, FILES + "/tmp").get("pos_0");
    try (GenericIOStore store = new GenericIOStore(spark, TWO, 64, folder + "/tmp")) {
      store.put("pos_0", table);
      assertThat(store.get("pos_0").collectAsList()).isEqualTo(table.collectAsList());
      assertThat(store.get("pos_0").schema()).isEqualTo(table.schema());
    }
  }

  @Test
  void arraysAreWrittenBackByteByByte() throws IOException {
    List<Map<String, StoredArray>> ranks =
        new NumpyStore(spark, TWO, FILES + "/tmp").getArrays("499");
    assertThat(ranks).hasSize(2);
    try (NumpyStore store = new NumpyStore(spark, TWO, folder + "/tmp")) {
      store.put("499", ranks);
    }
    for (int rank = 0; rank < 2; rank++) {
      String name = "tmp_499.tmp.rank-" + rank + ".npz";
      assertThat(Files.readAllBytes(folder.resolve(name)))
          .isEqualTo(Files.readAllBytes(FILES.resolve(name)));
    }
  }
}
