// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.genericio;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.genericio.Coords;
import io.sparkarrays.genericio.FileLayout;
import io.sparkarrays.genericio.GenericIOWriter;
import io.sparkarrays.genericio.Variable;
import io.sparkarrays.genericio.Vector3;
import io.sparkarrays.spark.LocalSpark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ranks that predicates on coordinates pass over: 4 × 2 × 1 ranks of a box that begins at (10, 20,
 * 30) and extends over (64, 32, 16), so that a rank's cell is a cube of 16.
 */
class RankPruningTest {

  private static final Vector3 ORIGIN = new Vector3(10, 20, 30);
  private static final Vector3 SCALE = new Vector3(64, 32, 16);
  private static final Coords DIMS = new Coords(4, 2, 1);
  private static final int RANKS = 8;
  private static final int ROWS = 20;

  @TempDir private Path folder;

  private static double[] at(Vector3 vector) {
    return new double[] {vector.x(), vector.y(), vector.z()};
  }

  /** A row's coordinate in its rank's cell or so far beside it; on its edges too. */
  private static double coordinate(Random random, int axis, long place, double margin) {
    double within =
        switch (random.nextInt(5)) {
          case 0 -> 0;
          case 1 -> 16;
          default -> random.nextDouble() * 16;
        };
    double beside = (random.nextInt(3) - 1) * margin * random.nextDouble();
    double from = at(ORIGIN)[axis];
    double value = from + place * 16 + within + beside;
    if (random.nextBoolean()) {
      // The box goes on at its other side.
      double extent = at(SCALE)[axis];
      value = value < from ? value + extent : value > from + extent ? value - extent : value;
    }
    return value;
  }

  private Path write(String name, FileLayout layout, double margin) throws IOException {
    Random random = new Random(5);
    Path file = folder.resolve(name);
    try (GenericIOWriter writer = GenericIOWriter.create(file, true, layout, RANKS)) {
      for (int rank = 0; rank < RANKS; rank++) {
        long[] place = {rank / 2, rank % 2, 0};
        writer.rank(rank, new Coords(place[0], place[1], place[2]), ROWS);
        for (int axis = 0; axis < 3; axis++) {
          boolean wide = layout.variables().get(axis).elementBytes() == Double.BYTES;
          ByteBuffer column =
              ByteBuffer.allocate(ROWS * (wide ? 8 : 4)).order(ByteOrder.LITTLE_ENDIAN);
          while (column.hasRemaining()) {
            double value = coordinate(random, axis, place[axis], margin);
            if (wide) {
              column.putDouble(value);
            } else {
              column.putFloat((float) value);
            }
          }
          writer.column(column.flip());
        }
      }
      writer.commit();
    }
    return file;
  }

  private static FileLayout layout(String x, String y, String z, Vector3 origin, Vector3 scale) {
    return new FileLayout(
        List.of(
            Variable.of(x, ElementType.FLOAT32, 1),
            Variable.of(y, ElementType.FLOAT32, 1),
            Variable.of(z, ElementType.FLOAT64, 1)),
        DIMS,
        origin,
        scale,
        false);
  }

  private static FileLayout usual() {
    return layout("x", "y", "z", ORIGIN, SCALE);
  }

  private static Dataset<Row> load(Path file, Map<String, String> options) {
    return LocalSpark.session().read().format("genericio").options(options).load(file.toString());
  }

  private static long ranksRead(Dataset<Row> query) {
    SparkPlan plan = query.queryExecution().executedPlan();
    while (!(plan instanceof BatchScanExec)) {
      plan = plan.children().head();
    }
    query.queryExecution().executedPlan().executeCollect();
    return plan.metrics().apply("framesRead").value() / ROWS;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x > 50                          | 4",
        "x > 58.001                      | 2",
        "58.001 < x                      | 2",
        "y <= 35.9                       | 4",
        "x > 58.001 AND y < 35.9         | 1",
        "x > 58.001 OR y < 35.9          | 5",
        "x BETWEEN 30 AND 31 AND y = 40  | 1",
        "x IN (20.5, 70.25) AND y > 40   | 2",
        "z > 100                         | 0",
        "z < 46.0 AND x + 1 > 100        | 8",
        "NOT (x < 58.001)                | 2",
        "x > 58.001 AND _rank < 7        | 1"
      })
  void ranksThatCanHoldNoRowAreNotRead(String where, long ranks) throws IOException {
    Path file = write("cells.gio", usual(), 0);
    Dataset<Row> pruned = load(file, Map.of("rankMargin", "0")).where(where);
    assertThat(ranksRead(pruned)).isEqualTo(ranks);
    assertThat(pruned.collectAsList())
        .containsExactlyInAnyOrderElementsOf(load(file, Map.of()).where(where).collectAsList());
    // Without the option all that Spark has to filter is read.
    assertThat(ranksRead(load(file, Map.of()).where("x > 58.001"))).isEqualTo(RANKS);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.75, 5, 40})
  void rowsAreThoseOfTheWholeTable(double margin) throws IOException {
    Path file = write("cells.gio", usual(), margin);
    Dataset<Row> whole = load(file, Map.of());
    Dataset<Row> pruned = load(file, Map.of("rankMargin", Double.toString(margin)));
    Random random = new Random(7);
    long skipped = 0;
    for (int i = 0; i < 12; i++) {
      String where = condition(random, 2);
      assertThat(pruned.where(where).collectAsList())
          .as(where)
          .containsExactlyInAnyOrderElementsOf(whole.where(where).collectAsList());
      skipped += RANKS - ranksRead(pruned.where(where));
    }
    if (margin < 16) {
      assertThat(skipped).isPositive();
    }
  }

  private static String condition(Random random, int depth) {
    if (depth > 0 && random.nextInt(3) > 0) {
      return String.format(
          "(%s %s %s)",
          condition(random, depth - 1),
          random.nextInt(3) == 0 ? "OR" : "AND",
          condition(random, depth - 1));
    }
    int axis = random.nextInt(3);
    // Often the edge of a cell.
    double value =
        at(ORIGIN)[axis]
            + 16 * random.nextInt(5)
            + (random.nextBoolean() ? 0 : random.nextDouble());
    String operator = List.of("<", "<=", ">", ">=", "=").get(random.nextInt(5));
    String column = List.of("x", "y", "z").get(axis);
    // Floats are compared with floats or with doubles.
    String literal = random.nextBoolean() ? value + "D" : "cast(" + value + " as float)";
    return (random.nextInt(6) == 0 ? "NOT " : "") + "(" + column + operator + literal + ")";
  }

  @Test
  void boxIsThatOfTheOptionsWhereTheyTellOne() throws IOException {
    // As haccytrees writes it: three times as large, without an origin.
    Path file =
        write("hacc.gio", layout("x", "y", "z", Vector3.ZERO, new Vector3(192, 192, 192)), 0);
    Map<String, String> options = new HashMap<>(Map.of("rankMargin", "0", "scale", "64,32,16"));
    options.put("origin", "10,20,30");
    assertThat(ranksRead(load(file, options).where("x > 58.001"))).isEqualTo(2);
    Path none = write("none.gio", layout("x", "y", "z", Vector3.ZERO, Vector3.ZERO), 0);
    assertThat(
            assertRefused(
                ErrorCode.OPTION_INVALID,
                () -> load(none, Map.of("rankMargin", "1")).collectAsList()))
        .contains("none.gio");
    for (String margin : List.of("-1", "wide", "NaN", "1,2")) {
      assertRefused(
          ErrorCode.OPTION_INVALID, () -> load(file, Map.of("rankMargin", margin)).collectAsList());
    }
  }

  @Test
  void coordinatesAreThoseThatTheFileMarks() throws IOException {
    FileLayout named = layout("z", "y", "x", ORIGIN, SCALE);
    FileLayout marked =
        new FileLayout(
            List.of(
                named.variables().get(0).asCoordinate(0),
                named.variables().get(1).asCoordinate(1),
                named.variables().get(2).asCoordinate(2)),
            DIMS,
            ORIGIN,
            SCALE,
            false);
    Dataset<Row> rows = load(write("marked.gio", marked, 0), Map.of("rankMargin", "0"));
    assertThat(ranksRead(rows.where("z > 58.001"))).isEqualTo(2);
    assertThat(ranksRead(rows.where("x > 58.001"))).isEqualTo(0);
  }

  @Test
  void planTellsWhatRanksWerePassedOverBy() throws IOException {
    Dataset<Row> rows = load(write("cells.gio", usual(), 0), Map.of("rankMargin", "0"));
    assertThat(rows.where("x > 58.001D").queryExecution().executedPlan().toString())
        .contains("Filter (")
        .containsPattern("pruned by: \\[.*x.* > 58.001\\]");
    assertThat(rows.where("x > 0").queryExecution().executedPlan().toString())
        .doesNotContain("pruned by");
    // Counts need the rows' values.
    assertThat(rows.where("x > 58.001").count()).isEqualTo(rows.where("abs(x) > 58.001").count());
  }
}
