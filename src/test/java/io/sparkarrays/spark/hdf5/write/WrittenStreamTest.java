// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.TempFolder;
import io.sparkarrays.spark.hdf5.write.ResultCompaction.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams that write results: each frame once, whatever is repeated. */
class WrittenStreamTest {

  @TempDir private Path folder;
  private Path input;
  private Path path;

  @BeforeEach
  void choosePaths() throws IOException {
    input = Files.createDirectory(folder.resolve("input"));
    path = folder.resolve("result.h5");
  }

  /** A file of rows is an epoch. */
  private void feed(String name, LongStream frames) throws IOException {
    String rows =
        frames
            .mapToObj(i -> "{\"frame_index\":%d,\"_file\":\"/x/%s.h5\"}".formatted(i, name))
            .collect(Collectors.joining("\n"));
    Path temp = folder.resolve("temp.json");
    Files.writeString(temp, rows);
    Files.move(temp, input.resolve(name + "-" + System.nanoTime() + ".json"));
  }

  private Dataset<Row> stream() {
    return LocalSpark.session()
        .readStream()
        .schema("frame_index BIGINT, _file STRING")
        .option("maxFilesPerTrigger", 1)
        .json(input.toString())
        .selectExpr("frame_index", "array(frame_index, 2 * frame_index) AS data", "_file");
  }

  private DataStreamWriter<Row> writer(Dataset<Row> rows) {
    return rows.writeStream()
        .format("hdf5")
        .trigger(Trigger.AvailableNow())
        .option("checkpointLocation", folder.resolve("checkpoint").toString());
  }

  private void run(DataStreamWriter<Row> writer) throws Exception {
    StreamingQuery query = writer.start(path.toString());
    query.awaitTermination();
  }

  private List<Row> found() {
    return LocalSpark.session()
        .read()
        .format("hdf5")
        .load(path.toString())
        .orderBy("frame_index")
        .collectAsList();
  }

  private void assertHolds(LongStream frames) {
    assertThat(found())
        .allSatisfy(
            row ->
                assertThat(row.<Long>getList(1))
                    .containsExactly(row.getLong(0), 2 * row.getLong(0)));
    assertThat(found())
        .extracting(row -> row.getLong(0))
        .containsExactlyElementsOf(frames.boxed().toList());
  }

  @Test
  void epochsAddFrames() throws Exception {
    feed("a", LongStream.range(0, 5));
    feed("a", LongStream.range(5, 6));
    run(writer(stream().drop("_file")));
    assertHolds(LongStream.range(0, 6));
    feed("a", LongStream.range(9, 11));
    run(writer(stream().drop("_file")).option("missing", "fill"));
    assertThat(found()).hasSize(11);
    feed("a", LongStream.range(6, 9));
    run(writer(stream().drop("_file")));
    assertHolds(LongStream.range(0, 11));
    assertThat(TempFolder.names(folder.resolve("result.h5.parts")))
        .filteredOn(name -> name.endsWith(".h5"))
        .allMatch(name -> name.startsWith("epoch-00000"))
        .hasSize(4);
  }

  @Test
  void anEpochThatSparkRepeatsIsThereOnce() throws Exception {
    feed("a", LongStream.range(0, 5));
    run(writer(stream()));
    feed("a", LongStream.range(5, 8));
    run(writer(stream()));
    // As if Spark had been killed between the sink's commit and its own.
    Path commits = folder.resolve("checkpoint/commits");
    Files.delete(commits.resolve("1"));
    Files.deleteIfExists(commits.resolve(".1.crc"));
    run(writer(stream()));
    assertHolds(LongStream.range(0, 8));
    feed("a", LongStream.range(8, 9));
    run(writer(stream()));
    assertHolds(LongStream.range(0, 9));
    assertThat(TempFolder.names(folder.resolve("result.h5.parts")))
        .filteredOn(name -> name.endsWith(".h5"))
        .hasSize(3);
    assertThat(TempFolder.names(folder)).noneMatch(name -> name.startsWith("."));
  }

  @Test
  void framesOfSeveralFilesAreNeverOneArray() throws Exception {
    feed("a", LongStream.range(0, 5));
    feed("b", LongStream.range(0, 5));
    assertRefused(ErrorCode.AMBIGUOUS_FRAME_INDEX, () -> run(writer(stream())));
    assertHolds(LongStream.range(0, 5));
  }

  @Test
  void framesThatComeTwiceAreRefused() throws Exception {
    feed("a", LongStream.range(0, 5));
    feed("a", LongStream.range(4, 6));
    assertRefused(ErrorCode.AMBIGUOUS_FRAME_INDEX, () -> run(writer(stream().drop("_file"))));
    assertHolds(LongStream.range(0, 5));
  }

  @Test
  void eachFileHasAnArrayOfItsOwn() throws Exception {
    feed("a", LongStream.range(0, 5));
    feed("b", LongStream.range(0, 3));
    feed("a", LongStream.range(5, 7));
    run(writer(stream()).option("dataset", "/{file}/data"));
    for (String name : List.of("a", "b")) {
      assertThat(
              LocalSpark.session()
                  .read()
                  .format("hdf5")
                  .option("dataset", "/" + name + "/data")
                  .load(path.toString())
                  .count())
          .isEqualTo(name.equals("a") ? 7 : 3);
    }
  }

  @Test
  void smallEpochsAreFolded() throws Exception {
    for (int epoch = 0; epoch < 6; epoch++) {
      // Frames come in two halves from both ends.
      feed("a", LongStream.of(2 * epoch + 1, 2 * epoch, 23 - epoch));
    }
    DataStreamWriter<Row> writer =
        writer(stream().withColumn("text", expr("cast(frame_index as string)")))
            .option("dataset", "/g")
            .option("compression", "lz4")
            .option("scanShape", "4,6");
    run(writer);
    List<Row> before = all();
    assertThat(parts()).hasSize(6);
    Duration timeout = Duration.ofSeconds(30);
    assertThat(ResultCompaction.run(path, 1, timeout)).isEqualTo(new Outcome(0, 0));
    // Parts of ten rows: the first twelve frames and the last six.
    Outcome outcome = ResultCompaction.run(path, 1 << 20, timeout);
    assertThat(outcome).isEqualTo(new Outcome(6, 1));
    assertThat(all()).isEqualTo(before);
    assertThat(parts()).as("readers may still have the old ones open").hasSize(7);
    try (Hdf5File file = Hdf5File.open(path)) {
      // Two whole rows of the scan, and the last.
      assertThat(file.dataset("/g/data").mappings()).hasSize(2);
    }
    assertThat(ResultCompaction.run(path, 1 << 20, timeout)).isEqualTo(new Outcome(0, 0));
    assertThat(parts()).hasSize(1);
    feed("a", LongStream.range(12, 18));
    run(writer);
    assertThat(all()).hasSize(24).doesNotContainNull();
    assertThat(all().subList(0, 12)).isEqualTo(before.subList(0, 12));
    assertThat(all()).extracting(row -> row.getString(3)).isEqualTo(numbers(24));
  }

  private static List<String> numbers(int count) {
    return LongStream.range(0, count).mapToObj(Long::toString).toList();
  }

  private List<String> parts() throws IOException {
    return TempFolder.names(folder.resolve("result.h5.parts")).stream()
        .filter(name -> name.endsWith(".h5"))
        .toList();
  }

  private List<Row> all() {
    return LocalSpark.session()
        .read()
        .format("hdf5")
        .option("datasets", "/g/data,/g/text")
        .option("scanRank", 2)
        .load(path.toString())
        .drop("scan_0")
        .orderBy("frame_index")
        .collectAsList();
  }

  @Test
  void completeOutputReplaces() throws Exception {
    feed("a", LongStream.range(0, 5));
    feed("a", LongStream.range(0, 4));
    Dataset<Row> counts =
        stream().groupBy("frame_index").count().selectExpr("frame_index", "count AS n");
    run(writer(counts).outputMode("complete"));
    assertThat(found()).extracting(row -> row.getLong(1)).containsExactly(2L, 2L, 2L, 2L, 1L);
  }

  @Test
  void emptyEpochsAndSingleFiles() throws Exception {
    feed("a", LongStream.range(0, 5));
    run(writer(stream().where("frame_index < 0")));
    assertThat(path).doesNotExist();
    feed("a", LongStream.range(5, 6));
    assertRefused(ErrorCode.OPTION_INVALID, () -> run(writer(stream()).option("single", "true")));
  }
}
