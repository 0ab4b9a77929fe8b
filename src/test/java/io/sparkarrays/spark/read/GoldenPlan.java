// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Compares a query's physical plan with the text in {@code src/test/resources/explain}; {@code
 * -Dexplain.write=true} writes the texts anew.
 */
final class GoldenPlan {

  private GoldenPlan() {}

  /**
   * Asserts that a query is planned as the text of a name says.
   *
   * @param path the data set's path, which the text calls {@code /data/scan}
   */
  static void check(String name, Dataset<Row> query, Path path) throws IOException {
    String plan =
        query
                .queryExecution()
                .executedPlan()
                .toString()
                .replace(path.toString(), "/data/scan")
                .replaceAll("#\\d+L?|, \\[plan_id=\\d+]", "")
                .replaceAll("(?m)\\s+$", "")
                .strip()
            + "\n";
    String resource = "/explain/" + name + ".txt";
    if (Boolean.getBoolean("explain.write")) {
      Files.writeString(Path.of("src/test/resources" + resource), plan);
      return;
    }
    try (InputStream text = GoldenPlan.class.getResourceAsStream(resource)) {
      assertThat(plan).isEqualTo(new String(text.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
