// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.write;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static io.sparkarrays.spark.write.SavedFrames.assertHolds;
import static io.sparkarrays.spark.write.SavedFrames.expected;
import static io.sparkarrays.spark.write.SavedFrames.onDisk;
import static io.sparkarrays.spark.write.SavedFrames.rows;
import static io.sparkarrays.spark.write.SavedFrames.writer;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Writes that can't be right: each is refused by its own code, nothing of it is published, nothing
 * is left in the folder above, and what stood before still stands.
 */
class WriteRefusalsTest {

  @TempDir private Path folder;

  /** Refused where nothing is and where a data set stands, in every way to write. */
  private String refused(ErrorCode code, DataFrameWriter<Row> write) throws IOException {
    Path fresh = folder.resolve("fresh");
    String message = assertRefused(code, () -> write.mode("errorifexists").save(fresh.toString()));
    assertHolds(folder);
    assertRefused(code, () -> write.mode("append").save(fresh.toString()));
    assertHolds(folder);
    Path standing = folder.resolve("standing");
    writer(rows(0, 12, 0), "overwrite").save(standing.toString());
    assertRefused(code, () -> write.mode("overwrite").save(standing.toString()));
    assertHolds(folder, "standing");
    assertThat(onDisk(standing)).isEqualTo(expected(12, 0, frame -> true));
    return message;
  }

  private static Dataset<Row> all() {
    return rows(0, 12, 7);
  }

  private static DataFrameWriter<Row> write(Dataset<Row> rows) {
    return writer(rows, "append");
  }

  @Test
  void missingFrames() throws IOException {
    assertThat(refused(ErrorCode.FRAMES_MISSING, write(all().filter("frame_index <> 7"))))
        .contains("partition 2", "6:9", "frame 7");
  }

  @Test
  void framesMissingAtThePartitionsEnd() throws IOException {
    assertThat(refused(ErrorCode.FRAMES_MISSING, write(all().filter("frame_index < 10"))))
        .contains("partition 3", "frames 10:12");
  }

  @Test
  void doubledFrames() throws IOException {
    assertThat(
            refused(ErrorCode.FRAME_DOUBLED, write(all().union(all().filter("frame_index = 5")))))
        .contains("frame 5", "partition 1");
  }

  @Test
  void doubledLastFrame() throws IOException {
    assertThat(refused(ErrorCode.FRAME_DOUBLED, write(all().union(rows(11, 12, 0)))))
        .contains("frame 11");
  }

  @ParameterizedTest
  @CsvSource({"-1", "12", "9223372036854775807"})
  void framesOutsideTheScan(long index) throws IOException {
    Dataset<Row> outside =
        all().limit(1).selectExpr("cast('" + index + "' AS BIGINT) AS frame_index", "frame");
    assertThat(refused(ErrorCode.FRAME_OUT_OF_RANGE, write(all().union(outside))))
        .contains("frame_index = " + index, "(3, 4)");
  }

  @Test
  void positionsOutsideTheScan() throws IOException {
    // 3 × 4 = 12 positions: (1, 4) would be frame 8 if it were not refused. It is there as well, so
    // that no task can fail first because a frame is missing.
    Dataset<Row> right =
        all().selectExpr("frame_index div 4 AS scan_0", "frame_index % 4 AS scan_1", "frame");
    Dataset<Row> wrong =
        right.union(right.limit(1).selectExpr("1L AS scan_0", "4L AS scan_1", "frame"));
    assertThat(refused(ErrorCode.FRAME_OUT_OF_RANGE, write(wrong))).contains("scan_1 = 4");
  }

  @Test
  void rowsForNoFrame() throws IOException {
    Dataset<Row> nowhere =
        all().limit(1).selectExpr("cast(null AS bigint) AS frame_index", "frame");
    assertThat(refused(ErrorCode.FRAME_OUT_OF_RANGE, write(all().union(nowhere)))).contains("null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "slice(frame, 1, 2)                | 2 elements where 3",
        "concat(frame, array(1))           | 4 elements where 3",
        "cast(array() AS array<int>)       | 0 elements where 3",
        "cast('abc' AS binary)             | 3 bytes where 12",
      })
  void framesOfAnotherLength(String frame, String message) throws IOException {
    Dataset<Row> wrong = all().selectExpr("frame_index", frame + " AS frame");
    assertThat(refused(ErrorCode.FRAME_LENGTH, write(wrong).option("dtype", "int32")))
        .contains(message);
  }

  @Test
  void nestedFramesOfAnotherShape() throws IOException {
    Dataset<Row> ragged =
        all()
            .selectExpr(
                "frame_index",
                "array(array(1, 2), if(frame_index = 4, array(1), array(1, 2))) AS frame");
    assertThat(refused(ErrorCode.FRAME_LENGTH, write(ragged).option("frameShape", "2,2")))
        .contains("frame 4", "1 elements where 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "uint16  | array(1, 70000, 3)                              | 70000",
        "uint16  | array(1, -1, 3)                                 | -1",
        "int8    | array(1, 2, 128)                                | 128",
        "uint64  | array(1, 2, -3)                                 | -3",
        "int32   | array(1, null, 3)                               | element 1 is null",
        "int32   | array(1D, double('NaN'), 3D)                    | NaN",
        "int32   | array(1D, 2.5D, 3D)                             | 2.5",
        "int32   | array(1D, 1e300, 3D)                            | 1.0E300",
        "float32 | array(1D, 1e300, 3D)                            | 1.0E300",
        "bool    | array(0, 1, 2)                                  | 2",
        "int32   | cast(null AS array<int>)                        | the frame is null",
        "uint64  | array(1, 2, cast('-1' AS decimal(20)))          | -1",
        "uint64  | array(1, 2, cast('18446744073709551616' AS decimal(20))) | 18446744073709551616",
        "uint64  | array(1, 2, cast('2.5' AS decimal(20,1)))       | 2.5",
        "uint16  | array(1, 2, cast('70000' AS decimal(20)))       | 70000",
      })
  void valuesThatTheDtypeCannotHold(String dtype, String frame, String value) throws IOException {
    Dataset<Row> wrong =
        all()
            .selectExpr(
                "frame_index",
                "if(frame_index = 4, "
                    + frame
                    + ", "
                    + (frame.contains("decimal(20,1)")
                        ? "array(cast(0 AS decimal(20,1)), 0, 0)"
                        : "array(0, 1, 0)")
                    + ") AS frame");
    assertThat(refused(ErrorCode.VALUE_OUT_OF_RANGE, write(wrong).option("dtype", dtype)))
        .contains("frame 4", value);
  }

  @Test
  void missingColumns() throws IOException {
    assertThat(refused(ErrorCode.COLUMN_MISSING, write(all().select("frame"))))
        .contains("frame_index");
    assertThat(refusedFresh(ErrorCode.COLUMN_MISSING, write(all().select("frame_index"))))
        .contains("none holds arrays");
    Dataset<Row> two = all().selectExpr("frame_index", "frame AS a", "frame AS b");
    assertThat(refusedFresh(ErrorCode.COLUMN_MISSING, write(two))).contains("several hold arrays");
    // One index column too few, and one too many.
    refusedFresh(ErrorCode.COLUMN_MISSING, write(all().selectExpr("frame_index AS y", "frame")));
    refusedFresh(
        ErrorCode.COLUMN_MISSING, write(all().selectExpr("1 AS a", "2 AS b", "3 AS c", "frame")));
  }

  private String refusedFresh(ErrorCode code, DataFrameWriter<Row> write) throws IOException {
    Path fresh = folder.resolve("other/fresh");
    String message = assertRefused(code, () -> write.mode("append").save(fresh.toString()));
    assertThat(folder.resolve("other")).doesNotExist();
    return message;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cast(frame_index AS double) AS frame_index | frame                           | whole"
            + " number",
        "frame_index                                | transform(frame, x -> 'a') AS frame | STRING",
        "frame_index                                | array(frame) AS frame           | (3,)",
        "frame_index                                | 'text' AS frame                 | STRING",
        "frame_index                                | 1.5D AS frame                   | (3,)",
        "frame_index                                | struct(1 AS re, 2 AS im) AS frame | (3,)",
      })
  void columnsOfTheWrongType(String index, String frame, String message) throws IOException {
    Dataset<Row> wrong = all().selectExpr(index, frame);
    assertThat(refused(ErrorCode.COLUMN_TYPE, write(wrong).option("dtype", "int32")))
        .contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scanShape     | 3,x       | OPTION_INVALID",
        "frameShape    | wide      | OPTION_INVALID",
        "partitions    | 13        | OPTION_INVALID",
        "partitions    | 0         | OPTION_INVALID",
        "partitions    | -1        | OPTION_INVALID",
        "partitions    | many      | OPTION_INVALID",
        "partitions    | 99999999999 | OPTION_INVALID",
        "dtype         | float33   | DTYPE_UNSUPPORTED",
        "overwriteMode | some      | OPTION_INVALID",
        "hostsTimeout  | soon      | OPTION_INVALID",
        "structure     | {}        | OPTION_INVALID",
        "scanShape     | 0         | OPTION_INVALID",
        "frameShape    | 0         | STRUCTURE_INVALID",
        "scanShape     | -4        | STRUCTURE_INVALID",
      })
  void optionsThatCannotBe(String option, String value, ErrorCode code) throws IOException {
    DataFrameWriter<Row> write = write(all()).option("dtype", "int32").option(option, value);
    assertThat(refusedFresh(code, write)).contains(value.equals("{}") ? "structure" : value);
  }

  @Test
  void optionsThatAreNotThere() throws IOException {
    DataFrameWriter<Row> unshaped =
        all().write().format("clusterdata").option("scanShape", "12").mode("append");
    assertThat(refusedFresh(ErrorCode.OPTION_MISSING, unshaped)).contains("frameShape");
    DataFrameWriter<Row> unscanned =
        all().write().format("clusterdata").option("frameShape", "3").mode("errorifexists");
    Path fresh = folder.resolve("other/fresh");
    assertThat(assertRefused(ErrorCode.OPTION_MISSING, () -> unscanned.save(fresh.toString())))
        .contains("scanShape");
    DataFrameWriter<Row> untyped =
        all()
            .selectExpr("frame_index", "cast('123456789012' AS binary) AS frame")
            .write()
            .format("clusterdata")
            .option("scanShape", "12")
            .option("frameShape", "3");
    assertThat(refusedFresh(ErrorCode.OPTION_MISSING, untyped)).contains("dtype");
    assertThat(assertRefused(ErrorCode.OPTION_MISSING, () -> write(all()).save())).contains("path");
  }

  @Test
  void pathsThatAreNotAbsoluteOrLocal() {
    assertRefused(ErrorCode.PATH_NOT_ABSOLUTE, () -> write(all()).save("data/scan"));
    assertRefused(ErrorCode.OPTION_INVALID, () -> write(all()).save("s3a://bucket/scan"));
    assertRefused(ErrorCode.NOT_A_DATA_SET, () -> write(all()).save("/"));
  }
}
