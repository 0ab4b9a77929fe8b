// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.TempFolder;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One plain file, without parts. */
class SingleFileTest {

  @TempDir private Path folder;

  private static org.apache.spark.sql.Dataset<Row> rows(int count) {
    return LocalSpark.session()
        .range(0, count, 1, 3)
        .selectExpr(
            "id AS frame_index",
            "transform(array(0, 1, 2), k -> cast(10 * id + k AS short)) AS frame");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "lz4", "bitshuffle-lz4", "zstd", "shuffle-gzip:1"})
  void holdsEveryFrameWhereItBelongs(String compression) throws Exception {
    Path path = folder.resolve("one.h5");
    rows(12)
        .orderBy(org.apache.spark.sql.functions.rand())
        .write()
        .format("hdf5")
        .option("dataset", "/entry/data")
        .option("scanShape", "3,4")
        .option("chunks", "3,2")
        .option("compression", compression)
        .option("single", "true")
        .save(path.toString());
    try (Hdf5File file = Hdf5File.open(path)) {
      Dataset data = file.dataset("/entry/data");
      assertThat(data.shape().dims()).containsExactly(3, 4, 3);
      assertThat(data.isVirtual()).isFalse();
      List<Object> values = data.values(io.sparkarrays.core.Hyperslab.all(data.shape()));
      for (int i = 0; i < 36; i++) {
        assertThat(((Number) values.get(i)).intValue()).isEqualTo(10 * (i / 3) + i % 3);
      }
    }
    assertThat(TempFolder.names(folder)).containsExactly("one.h5");
  }
}
