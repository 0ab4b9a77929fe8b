// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.RandomDataSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Column {@code _reference_frame} tells where each frame is, or holds it. */
class ReferencesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private static Dataset<Row> read(RandomDataSet data) {
    return LocalSpark.session()
        .read()
        .format("clusterdata")
        .option("missing", "fill")
        .load(data.path().toString());
  }

  @Test
  void itTellsWhereAFrameIsOrHoldsIt() throws IOException {
    for (int seed = 0; seed < 6; seed++) {
      RandomDataSet data =
          RandomDataSet.write(new Random(seed), folder.resolve("scan" + seed), true);
      int size = Math.toIntExact(data.structure().frameBytes());
      List<Row> rows =
          read(data).select("frame_index", "_offset", "_reference_frame").collectAsList();
      assertThat(rows).hasSize(Math.toIntExact(data.structure().scan().size()));
      for (Row row : rows) {
        long frame = row.getLong(0);
        byte[] cell = row.getAs(2);
        byte[] found = cell;
        if (data.has(frame)) {
          assertThat(cell.length).isNotEqualTo(size);
          found = bytes(JSON.readTree(cell), row.getLong(1), size);
        }
        int at = Math.toIntExact(frame * size);
        assertThat(found).isEqualTo(Arrays.copyOfRange(data.bytes(), at, at + size));
      }
    }
  }

  private static byte[] bytes(JsonNode place, long frame, int size) throws IOException {
    assertThat(place.get("kind").textValue()).isEqualTo("plain");
    byte[] file = Files.readAllBytes(Path.of(place.get("file").textValue()));
    int at = Math.toIntExact(place.get("offset").longValue() + frame * size);
    return Arrays.copyOfRange(file, at, at + size);
  }

  @Test
  void framesThatAreOnlyReferredToAreNotReadButCountForTheSizeOfTasks() {
    RandomDataSet data = RandomDataSet.write(new Random(3), folder.resolve("scan"), false);
    Dataset<Row> referred =
        LocalSpark.session()
            .read()
            .format("clusterdata")
            .option("maxPartitionBytes", data.structure().frameBytes())
            .load(data.path().toString());
    assertThat(referred.select("_reference_frame").rdd().getNumPartitions())
        .isEqualTo(referred.select("frame").rdd().getNumPartitions())
        .isEqualTo(Math.toIntExact(data.structure().scan().size()));
    assertThat(referred.select("frame_index").rdd().getNumPartitions())
        .isLessThan(Math.toIntExact(data.structure().scan().size()));
  }
}
