// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.clusterdata.NpyFile;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameLayout;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.read.StoredFrames;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.QueryTest$;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Data sets that LiberTEM 0.14.2 wrote, through DataFrame and SQL, by Spark's own comparison. */
class ReferenceDataSetsInSparkTest {

  static List<Path> cases() throws IOException, URISyntaxException {
    Path folder =
        Path.of(ReferenceDataSetsInSparkTest.class.getResource("/clusterdataset").toURI());
    try (Stream<Path> folders = Files.list(folder)) {
      return folders.filter(Files::isDirectory).sorted().toList();
    }
  }

  static List<Path> incompleteCases() throws IOException, URISyntaxException {
    List<Path> incomplete = new ArrayList<>();
    for (Path dir : cases()) {
      if (!Given.read(dir).isWhole()) {
        incomplete.add(dir);
      }
    }
    return incomplete;
  }

  /** A reference data set: where it is, and the array that LiberTEM was given. */
  private record Given(Path path, PartitionStructure structure, NpyFile array, NpyFile present) {
    static Given read(Path dir) throws IOException {
      Path path = dir.resolve("ds");
      return new Given(
          path,
          PartitionStructure.read(path.resolve("structure.json")),
          NpyFile.read(dir.resolve("expected.npy")),
          NpyFile.read(dir.resolve("present.npy")));
    }

    boolean has(long frame) {
      return present.data().get((int) frame) != 0;
    }

    List<Row> rows(StructType schema, boolean absentToo) {
      byte[] bytes = new byte[array.data().remaining()];
      array.data().duplicate().get(bytes);
      for (int at = 0; at < bytes.length; at++) {
        if (!has(at / structure.frameBytes())) {
          bytes[at] = 0;
        }
      }
      StoredFrames stored = new StoredFrames(structure.dtype(), structure.frame(), bytes);
      FrameLayout layout = structure.layout();
      DataType type = schema.fields()[schema.length() - 1].dataType();
      List<Row> rows = new ArrayList<>();
      for (long frame = 0; frame < structure.frames(); frame++) {
        if (absentToo || has(frame)) {
          List<Object> values = new ArrayList<>();
          values.add(frame);
          for (int axis = 0; axis < schema.length() - 2; axis++) {
            values.add(layout.coordinate(frame, axis));
          }
          values.add(
              external(stored.expected(frame, Hyperslab.all(structure.frame()), type), type));
          rows.add(RowFactory.create(values.toArray()));
        }
      }
      return rows;
    }

    boolean isWhole() {
      return IntStream.range(0, (int) structure.frames()).allMatch(this::has);
    }
  }

  /** A value as Spark's rows hold it, arrays as Java arrays, which the comparison understands. */
  private static Object external(Object value, DataType type) {
    if (type instanceof ArrayType array) {
      return ((List<?>) value).stream().map(v -> external(v, array.elementType())).toArray();
    } else if (type instanceof FloatType) {
      return ((Double) value).floatValue();
    } else if (type instanceof DoubleType) {
      return value;
    } else if (type instanceof IntegerType) {
      return ((Long) value).intValue();
    }
    throw new AssertionError(type);
  }

  private static Dataset<Row> read(Given given, String missing) {
    return LocalSpark.session()
        .read()
        .format("clusterdata")
        .option("missing", missing)
        .load(given.path().toString());
  }

  private static String view(Given given, String missing) {
    String name = "reference_" + missing;
    LocalSpark.session()
        .sql(
            "CREATE OR REPLACE TEMPORARY VIEW "
                + name
                + " USING clusterdata OPTIONS (path '"
                + given.path()
                + "', missing '"
                + missing
                + "')");
    return name;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsTheSourceThroughDataFrameAndSql(Path dir) throws IOException {
    Given given = Given.read(dir);
    for (String missing :
        given.isWhole() ? List.of("fail", "skip", "fill") : List.of("skip", "fill")) {
      Dataset<Row> frames = read(given, missing);
      List<Row> expected = given.rows(frames.schema(), missing.equals("fill"));
      QueryTest$.MODULE$.checkAnswer(frames, expected);
      Dataset<Row> table = LocalSpark.session().sql("SELECT * FROM " + view(given, missing));
      assertThat(table.schema()).isEqualTo(frames.schema());
      QueryTest$.MODULE$.checkAnswer(table, expected);
      QueryTest$.MODULE$.checkAnswer(
          LocalSpark.session()
              .sql("SELECT * FROM " + view(given, missing) + " WHERE frame_index BETWEEN 3 AND 9"),
          expected.stream().filter(r -> r.getLong(0) >= 3 && r.getLong(0) <= 9).toList());
    }
  }

  @ParameterizedTest
  @MethodSource("incompleteCases")
  void whatIsMissingIsNamed(Path dir) throws IOException {
    Given given = Given.read(dir);
    PartitionStructure structure = given.structure();
    String absent =
        IntStream.range(0, structure.partitions())
            .filter(i -> !given.has(structure.from(i)))
            .mapToObj(i -> i + " (frames " + structure.from(i) + ":" + structure.to(i) + ")")
            .collect(Collectors.joining(", "));
    assertThat(
            assertRefused(ErrorCode.PARTITION_MISSING, () -> read(given, "fail").collectAsList()))
        .contains(given.path().toString(), absent);
    assertThat(
            assertRefused(
                ErrorCode.PARTITION_MISSING,
                () ->
                    LocalSpark.session()
                        .sql("SELECT sum(size(frame)) FROM " + view(given, "fail"))
                        .collectAsList()))
        .contains(absent);
    // A query that wants nothing of it is answered.
    IntStream.range(0, structure.partitions())
        .filter(i -> given.has(structure.from(i)))
        .forEach(
            i -> {
              Dataset<Row> part =
                  read(given, "fail")
                      .filter("frame_index >= " + structure.from(i))
                      .filter("frame_index < " + structure.to(i));
              assertThat(part.collectAsList()).hasSize((int) (structure.to(i) - structure.from(i)));
            });
  }
}
