// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.RandomDataSet;
import io.sparkarrays.spark.TempFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Random queries on random data sets give what Spark computes by itself on the same rows, which
 * then lie in memory, sorted by {@code frame_index}.
 */
class PushDownProperties {

  private static final String[] METADATA = {"_file", "_dataset", "_partition", "_offset"};

  /** A data set as two views: {@code pushed} reads it, {@code plain} holds its rows. */
  private static final class Case {
    final Random random;
    final RandomDataSet data;
    final String[] columns;
    final long[] extents;

    Case(Random random, TempFolder folder) {
      this.random = random;
      boolean lacks = random.nextInt(3) == 0;
      data = RandomDataSet.write(random, folder.path().resolve("scan é"), lacks);
      SparkSession spark = LocalSpark.session();
      Dataset<Row> frames =
          spark
              .read()
              .format("clusterdata")
              .option("metadataColumns", String.join(",", METADATA))
              .option("missing", random.nextBoolean() || !lacks ? "skip" : "fill")
              .option("maxPartitionBytes", 1 + random.nextInt(2000))
              .load(data.path().toString());
      Shape scan = data.structure().scan();
      columns = Arrays.copyOf(frames.columns(), scan.rank() < 2 ? 1 : 1 + scan.rank());
      extents =
          IntStream.range(0, columns.length)
              .mapToLong(i -> i == 0 ? scan.size() : scan.dim(i - 1))
              .toArray();
      Dataset<Row> known = frames.drop("frame");
      List<Row> rows = new ArrayList<>(known.collectAsList());
      rows.sort((a, b) -> Long.compare(a.getLong(0), b.getLong(0)));
      spark.createDataFrame(rows, known.schema()).createOrReplaceTempView("plain");
      frames.createOrReplaceTempView("pushed");
    }

    String oneOf(String... texts) {
      return texts[random.nextInt(texts.length)];
    }

    private String fileName() {
      int partition = random.nextInt(data.structure().partitions() + 1);
      String known =
          LocalSpark.session()
              .sql("SELECT min(_file) FROM plain WHERE _partition = " + partition)
              .head()
              .getString(0);
      return known == null ? data.path() + "/none" : known;
    }

    private String metadataCondition() {
      String compare = " " + oneOf("=", "<", "<=", ">", ">=", "<>", "<=>") + " ";
      String name = fileName();
      int number = random.nextInt(6) - 1;
      return switch (random.nextInt(7)) {
        case 0 -> "_file" + compare + "'" + name + "'";
        case 1 -> "_file IN ('" + name + "', '" + fileName() + "')";
        case 2 -> "_file LIKE '%" + name.substring(name.length() - 1 - random.nextInt(3)) + "'";
        case 3 -> "contains(_file, '" + number + "')";
        case 4 -> "_dataset LIKE 'cluster%'";
        case 5 -> oneOf("_partition", "_offset") + compare + number;
        default -> oneOf("_partition", "_offset") + " IN (" + number + ", 0, 7)";
      };
    }

    /** A condition on index and metadata columns. */
    String where() {
      if (random.nextInt(4) == 0) {
        return "";
      }
      String index = RandomCondition.of(random, columns, extents, random.nextInt(3)).sql();
      if (random.nextBoolean()) {
        return " WHERE " + index;
      }
      return " WHERE "
          + oneOf("", "NOT ")
          + "("
          + index
          + oneOf(" AND ", " OR ")
          + metadataCondition()
          + ")";
    }

    /** The same query on both views gives the same rows. */
    void check(String sql, boolean ordered) {
      check(sql.replace("FRAMES", "plain"), sql.replace("FRAMES", "pushed"), ordered);
    }

    void check(String plain, String sql, boolean ordered) {
      List<Row> expected = LocalSpark.session().sql(plain).collectAsList();
      List<Row> found = LocalSpark.session().sql(sql).collectAsList();
      if (ordered) {
        assertThat(found).as(sql).containsExactlyElementsOf(expected);
      } else {
        assertThat(found).as(sql).containsExactlyInAnyOrderElementsOf(expected);
      }
    }

    int number() {
      return random.nextInt((int) data.structure().frames() + 3);
    }

    String limits() {
      return switch (random.nextInt(4)) {
        case 0 -> " LIMIT " + number();
        case 1 -> " OFFSET " + number() / 2;
        default -> " LIMIT " + number() + " OFFSET " + number() / 2;
      };
    }
  }

  @Property(tries = 12)
  void limitsAndOffsetsTakeFramesByTheirIndex(@ForAll Random random) throws IOException {
    try (TempFolder folder = TempFolder.create()) {
      Case given = new Case(random, folder);
      String rows = "SELECT frame_index, _offset, _partition FROM FRAMES" + given.where();
      given.check(rows + given.limits(), false);
      given.check(
          "SELECT * FROM (" + rows + " LIMIT " + given.number() + ")" + given.limits(), false);
    }
  }

  @Property(tries = 12)
  void orderedLimitsTakeTheFirstOfTheOrder(@ForAll Random random) throws IOException {
    try (TempFolder folder = TempFolder.create()) {
      Case given = new Case(random, folder);
      List<String> keys = new ArrayList<>(List.of(given.columns));
      keys.addAll(List.of("_partition", "_offset"));
      Collections.shuffle(keys, random);
      List<String> some = keys.subList(0, 1 + random.nextInt(keys.size()));
      String order =
          some.stream()
              .map(key -> key + given.oneOf("", " DESC", " ASC NULLS LAST", " DESC NULLS FIRST"))
              .collect(Collectors.joining(", "));
      // Only what is ordered by: of equal frames any may be taken.
      given.check(
          "SELECT "
              + String.join(", ", some)
              + " FROM FRAMES"
              + given.where()
              + " ORDER BY "
              + order
              + given.limits(),
          true);
    }
  }

  @Property(tries = 12)
  void aggregatesAreThoseOfTheRows(@ForAll Random random) throws IOException {
    try (TempFolder folder = TempFolder.create()) {
      Case given = new Case(random, folder);
      List<String> results = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        String column = given.oneOf(given.columns);
        results.add(
            given.oneOf(
                "count(*)",
                "count(" + given.oneOf(METADATA) + ")",
                "count(" + column + ")",
                "min(" + column + ")",
                "max(" + column + ")",
                "max(" + column + ") - min(" + column + ")",
                "count(1) + 1"));
        if (random.nextInt(8) == 0) {
          results.add(
              given.oneOf(
                  "count(DISTINCT " + column + ")",
                  "count(*) FILTER (WHERE " + column + " > 0)",
                  "max(_file)",
                  "count(nullif(" + column + ", 1))",
                  "sum(" + column + ")"));
        }
      }
      String rows = "FROM FRAMES" + given.where();
      List<String> groups = new ArrayList<>(List.of("_file", "_dataset", "_partition"));
      Collections.shuffle(groups, random);
      String by = String.join(", ", groups.subList(0, random.nextInt(4)));
      String aggregates = String.join(", ", results);
      if (by.isEmpty()) {
        given.check(
            "SELECT " + aggregates + " " + rows + given.oneOf("", " LIMIT 1", " OFFSET 1"), false);
      } else {
        given.check(
            "SELECT "
                + by
                + ", "
                + aggregates
                + " "
                + rows
                + " GROUP BY "
                + by
                + given.oneOf("", " HAVING count(*) > 1"),
            false);
        given.check("SELECT DISTINCT " + by + " " + rows, false);
        given.check(
            "SELECT count(*), "
                + by
                + " "
                + rows
                + " GROUP BY "
                + by
                + " ORDER BY "
                + by
                + given.limits(),
            true);
      }
      given.check("SELECT " + aggregates + " FROM (SELECT * " + rows + given.limits() + ")", false);
    }
  }

  @Property(tries = 12)
  void samplesComposeWithAllElse(@ForAll Random random) throws IOException {
    try (TempFolder folder = TempFolder.create()) {
      Case given = new Case(random, folder);
      String sample =
          " TABLESAMPLE (%d PERCENT) REPEATABLE (%d)"
              .formatted(random.nextInt(101), random.nextInt(1000));
      // The sample of all rows, of which the others are parts.
      List<Long> sampled =
          LocalSpark.session()
              .sql("SELECT frame_index FROM pushed" + sample)
              .collectAsList()
              .stream()
              .map(row -> row.getLong(0))
              .toList();
      Dataset<Row> plain = LocalSpark.session().table("plain");
      assertThat(plain.filter(plain.col("frame_index").isInCollection(sampled)).count())
          .isEqualTo(sampled.size());
      plain
          .filter(plain.col("frame_index").isInCollection(sampled))
          .createOrReplaceTempView("plain_sampled");
      String where = given.where();
      String limits = given.limits();
      for (String sql :
          List.of(
              "SELECT frame_index, _file, _partition, _offset FROM FRAMES" + where,
              "SELECT count(*), max(frame_index) FROM FRAMES" + where,
              "SELECT _partition, count(*) FROM FRAMES" + where + " GROUP BY _partition",
              "SELECT frame_index FROM FRAMES" + where + limits,
              "SELECT frame_index FROM FRAMES" + where + " ORDER BY frame_index DESC" + limits)) {
        given.check(
            sql.replace("FRAMES", "plain_sampled"),
            sql.replace("FRAMES", "pushed" + sample),
            false);
      }
    }
  }

  @Property(tries = 5)
  void filesAreSampledWhole(@ForAll Random random) throws IOException {
    try (TempFolder folder = TempFolder.create()) {
      Case given = new Case(random, folder);
      List<Row> sampled =
          LocalSpark.session()
              .sql(
                  "SELECT _partition, count(*) FROM pushed TABLESAMPLE SYSTEM (50 PERCENT)"
                      + " GROUP BY _partition")
              .collectAsList();
      List<Row> whole =
          LocalSpark.session()
              .sql("SELECT _partition, count(*) FROM plain GROUP BY _partition")
              .collectAsList();
      assertThat(whole).containsAll(sampled);
      assertThat(sampled.size()).isLessThanOrEqualTo(given.data.structure().partitions());
    }
  }
}
