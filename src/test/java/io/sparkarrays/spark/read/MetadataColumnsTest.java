// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.RandomDataSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metadata columns are hidden, or ordinary by option {@code metadataColumns}. */
class MetadataColumnsTest {

  @TempDir static Path folder;
  private static RandomDataSet data;

  @BeforeAll
  static void write() {
    data = RandomDataSet.write(new Random(7), folder.resolve("scan"), false);
  }

  private static Dataset<Row> frames(String metadataColumns) {
    return LocalSpark.session()
        .read()
        .format("clusterdata")
        .option("metadataColumns", metadataColumns)
        .load(data.path().toString());
  }

  @Test
  void namedOnesComeLastInTheUsersOrder() {
    String[] plain = frames("").columns();
    assertThat(plain).contains("frame").doesNotContain("_file");
    String[] columns = frames(" _Partition, _file").columns();
    assertThat(columns).startsWith(plain).hasSize(plain.length + 2);
    assertThat(List.of(columns)).endsWith("_partition", "_file");
    assertThat(frames("_file, _file").columns()).hasSize(plain.length + 1);
  }

  @Test
  void viewsHaveThem() {
    frames("_file").createOrReplaceTempView("hidden_or_not");
    String sql = "SELECT DISTINCT %s FROM hidden_or_not";
    List<String> files =
        LocalSpark.session().sql(sql.formatted("_file")).collectAsList().stream()
            .map(row -> row.getString(0))
            .toList();
    assertThat(files)
        .hasSize(data.structure().partitions())
        .allMatch(file -> file.startsWith(data.path().toString()));
    assertThatThrownBy(() -> LocalSpark.session().sql(sql.formatted("_partition")))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("_partition");
  }

  @Test
  void theOthersStayHiddenButCanBeNamed() {
    Dataset<Row> frames = frames("_file");
    assertThat(frames.select("_file", "_offset", "_partition").filter("_offset = 0").count())
        .isEqualTo(data.structure().partitions());
    assertThat(frames.metadataColumn("_offset").toString()).contains("_offset");
    assertThatThrownBy(() -> frames.select(frames.metadataColumn("_file")))
        .isInstanceOf(AnalysisException.class);
  }

  @Test
  void anUnknownNameIsRefused() {
    assertThat(assertRefused(ErrorCode.OPTION_INVALID, () -> frames("_file,_path")))
        .contains("metadataColumns = '_file,_path'", "there is no metadata column '_path'")
        .contains("_file, _dataset, _offset, _partition");
    assertRefused(ErrorCode.OPTION_INVALID, () -> frames("_file,"));
  }
}
