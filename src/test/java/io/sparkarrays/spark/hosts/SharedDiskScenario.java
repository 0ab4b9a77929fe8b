// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Three hosts write one data set on the disk that they share: created, replaced, replaced in part.
 */
final class SharedDiskScenario {

  private SharedDiskScenario() {}

  /** Writes to a path and reads it again; nothing else may be left beside or in it. */
  static void run(SparkSession spark, Path path) throws IOException {
    spark.conf().set("spark.sql.shuffle.partitions", "3");
    Dataset<Row> first = frames(spark, 24, 0);
    save(first, path, 6, "errorifexists", "all");
    assertThat(sums(spark, path)).isEqualTo(sums(first));
    Dataset<Row> second = frames(spark, 24, 1000);
    save(second, path, 8, "overwrite", "all");
    assertThat(sums(spark, path)).isEqualTo(sums(second));
    save(frames(spark, 12, 5000), path, 8, "overwrite", "partitions");
    assertThat(sums(spark, path))
        .isEqualTo(sums(frames(spark, 12, 5000).union(second.where("frame_index >= 12"))));
    try (Stream<Path> left = Files.list(path.getParent())) {
      assertThat(left).containsExactly(path);
    }
    try (Stream<Path> left = Files.list(path)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("structure.json", "parts");
    }
  }

  private static Dataset<Row> frames(SparkSession spark, long count, int add) {
    return spark
        .range(0, count, 1, 6)
        .selectExpr(
            "id AS frame_index",
            "transform(sequence(0, 5), x -> cast(id * 10 + x + " + add + " AS FLOAT)) AS frame");
  }

  private static void save(Dataset<Row> rows, Path path, int parts, String mode, String replace) {
    rows.write()
        .format("clusterdata")
        .option("scanShape", "4,6")
        .option("frameShape", "2,3")
        .option("partitions", parts)
        .option("overwriteMode", replace)
        .mode(mode)
        .save(path.toString());
  }

  private static List<Row> sums(SparkSession spark, Path path) {
    return sums(spark.read().format("clusterdata").load(path.toString()));
  }

  private static List<Row> sums(Dataset<Row> rows) {
    return rows.selectExpr("frame_index", "aggregate(frame, 0D, (a, x) -> a + x) AS total")
        .orderBy("frame_index")
        .collectAsList();
  }
}
