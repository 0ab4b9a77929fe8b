// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.catalog.Hdf5Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged data set leaves the others of its file readable. */
final class DamagedObjectTest {

  private static final Path WHOLE =
      Path.of("src/test/resources/hdf5/cases/filters_builtin_latest.h5").toAbsolutePath();
  private static final String DAMAGED = "/shuffle";

  private static SparkSession spark;

  @TempDir Path folder;
  private Path file;

  /** Turns a bit in the header of one data set, which has a checksum. */
  @BeforeEach
  void damage() throws IOException {
    spark = LocalSpark.session();
    spark.conf().set("spark.sql.catalog.hdf5", Hdf5Catalog.class.getName());
    byte[] bytes = Files.readAllBytes(WHOLE);
    try (Hdf5File whole = Hdf5File.open(WHOLE)) {
      bytes[Math.toIntExact(whole.dataset(DAMAGED).address()) + 20] ^= 4;
    }
    file = folder.resolve("damaged.h5");
    Files.write(file, bytes);
  }

  private static List<String> names() throws IOException {
    try (Hdf5File whole = Hdf5File.open(WHOLE)) {
      List<String> names = new ArrayList<>(whole.root().names());
      names.remove(DAMAGED.substring(1));
      assertThat(names).hasSizeGreaterThan(5);
      return names;
    }
  }

  private static Dataset<Row> load(Path path, String dataset) {
    return spark.read().format("hdf5").option("dataset", dataset).load(path.toString());
  }

  private static List<String> rows(Dataset<Row> frames) {
    return frames.toJSON().collectAsList();
  }

  @Test
  void othersAreRead() throws IOException {
    for (String name : names().subList(0, 4)) {
      assertThat(rows(load(file, "/" + name)))
          .as(name)
          .isEqualTo(rows(load(WHOLE, "/" + name)))
          .isNotEmpty();
    }
    assertThat(assertRefused(ErrorCode.HDF5_DAMAGED, () -> load(file, DAMAGED)))
        .contains(file.toString(), DAMAGED, "checksum");
  }

  @Test
  void othersAreListed() throws IOException {
    List<String> tables =
        spark.sql("SHOW TABLES IN hdf5.`" + file + "`").select("tableName").collectAsList().stream()
            .map(row -> row.getString(0))
            .toList();
    assertThat(tables).containsAll(names());
    String name = names().get(0);
    assertThat(rows(spark.table("hdf5.`" + file + "`." + name)))
        .isEqualTo(rows(load(WHOLE, "/" + name)));
    assertThat(
            assertRefused(
                ErrorCode.HDF5_DAMAGED,
                () -> spark.table("hdf5.`" + file + "`." + DAMAGED.substring(1))))
        .contains("checksum");
  }
}
