// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static io.sparkarrays.spark.write.SavedFrames.expected;
import static io.sparkarrays.spark.write.SavedFrames.onDisk;
import static io.sparkarrays.spark.write.SavedFrames.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.clusterdata.PieceWriter;
import io.sparkarrays.clusterdata.StreamFolder;
import io.sparkarrays.clusterdata.StreamLedger;
import io.sparkarrays.clusterdata.StreamPiece;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.TempFolder;
import io.sparkarrays.spark.hosts.Hosts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Streams of 12 frames, in partitions 0:3, 3:6, 6:9 and 9:12, from a folder of Parquet files: each
 * file that is added is an epoch.
 */
class StreamIntoClusterDataTest {

  @TempDir private Path folder;
  private Path source;
  private Path path;
  private Path checkpoint;
  private int files;

  @BeforeEach
  void choosePaths() throws IOException {
    source = Files.createDirectory(folder.resolve("source"));
    path = folder.resolve("out").resolve("scan");
    checkpoint = folder.resolve("checkpoint");
  }

  /** Adds a file with these rows, as an epoch of several tasks. */
  private void add(Dataset<Row> rows) {
    Path staged = folder.resolve("staged" + files);
    rows.coalesce(1).write().parquet(staged.toString());
    try (Stream<Path> parts = Files.list(staged)) {
      Path part = parts.filter(p -> p.toString().endsWith(".parquet")).findFirst().orElseThrow();
      Files.move(part, source.resolve("file-" + files++ + ".parquet"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Dataset<Row> stream() {
    return LocalSpark.session()
        .readStream()
        .schema("frame_index BIGINT, frame ARRAY<INT>")
        .option("maxFilesPerTrigger", 1)
        .parquet(source.toString());
  }

  private void run() throws Exception {
    run(stream(), "append");
  }

  private void run(Dataset<Row> rows, String mode) throws Exception {
    StreamingQuery query =
        rows.writeStream()
            .format("clusterdata")
            .outputMode(mode)
            .option("checkpointLocation", checkpoint.toString())
            .option("scanShape", "3,4")
            .option("frameShape", "3")
            .option("partitions", 4)
            .trigger(Trigger.AvailableNow())
            .start(path.toString());
    query.processAllAvailable();
    query.stop();
  }

  private StreamFolder held() {
    String query;
    try (Stream<Path> entries = Files.list(path)) {
      query =
          entries
              .map(p -> p.getFileName().toString())
              .filter(name -> name.startsWith(".stream-"))
              .findFirst()
              .orElseThrow()
              .substring(".stream-".length());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return StreamFolder.of(path, ClusterDataSet.open(path).structure(), query);
  }

  /** Frames of partition 0 as a task leaves them. */
  private static StreamPiece piece(StreamFolder stream, long... frames) throws IOException {
    try (PieceWriter writer = stream.begin(0)) {
      for (long frame : frames) {
        ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        IntStream.range(0, 3).forEach(k -> bytes.putInt((int) (10 * frame + k)));
        writer.write(frame, bytes.flip());
      }
      return writer.seal(Hosts.here());
    }
  }

  /** Makes Spark write an epoch again: as if the driver had died before it wrote its own log. */
  private void forget(int epoch) throws IOException {
    Files.delete(checkpoint.resolve("commits").resolve(Integer.toString(epoch)));
    Files.deleteIfExists(checkpoint.resolve("commits").resolve("." + epoch + ".crc"));
  }

  @Test
  void publishesPartitionsOnceAllTheirFramesCame() throws Exception {
    add(rows(0, 4, 0));
    run();
    assertThat(onDisk(path)).isEqualTo(expected(12, 0, frame -> frame < 3));
    assertThat(held().pieces()).hasSize(1);

    add(rows(4, 5, 0));
    add(rows(5, 11, 0));
    run();
    assertThat(onDisk(path)).isEqualTo(expected(12, 0, frame -> frame < 9));

    add(rows(11, 12, 0));
    run();
    assertThat(onDisk(path)).isEqualTo(expected(12, 0, frame -> true));
    assertThat(held().pieces()).isEmpty();
    assertThat(TempFolder.names(path.getParent())).containsExactly("scan");
  }

  @Test
  void bringsFramesOfSeveralTasksTogether() throws Exception {
    add(rows(0, 12, 0));
    run(stream().repartition(5), "append");
    assertThat(onDisk(path)).isEqualTo(expected(12, 0, frame -> true));
    assertThat(held().pieces()).isEmpty();
  }

  @Test
  void writesAnEpochOnceThoughItComesAgain() throws Exception {
    add(rows(0, 4, 0));
    add(rows(4, 8, 0));
    run();
    StreamLedger ledger = held().ledger().orElseThrow();
    for (int attempt = 0; attempt < 2; attempt++) {
      forget(1);
      run();
      assertThat(onDisk(path)).isEqualTo(expected(12, 0, frame -> frame < 6));
      assertThat(held().ledger()).contains(ledger);
    }
    add(rows(8, 12, 0));
    run();
    assertThat(onDisk(path)).isEqualTo(expected(12, 0, frame -> true));
  }

  @Test
  void publishesWhatWasDecidedBeforeACrash() throws Exception {
    add(rows(0, 2, 0));
    add(rows(2, 5, 0));
    run();
    // As it was between the ledger and the first partition: the frames are in the pieces.
    StreamFolder stream = held();
    List<StreamPiece> pieces = new ArrayList<>(stream.ledger().orElseThrow().pieces());
    Files.delete(ClusterDataSet.open(path).partition(0).path());
    pieces.add(piece(stream, 0, 1));
    pieces.add(piece(stream, 2));
    stream.write(new StreamLedger(1, new TreeSet<>(Set.of(0)), pieces));
    forget(1);
    run();
    assertThat(onDisk(path)).isEqualTo(expected(12, 0, frame -> frame < 3));
    assertThat(held().pieces()).hasSize(1);
  }

  @Test
  void clearsAwayWhatAnAttemptLeftThatWasNotDecided() throws Exception {
    add(rows(0, 4, 0));
    run();
    StreamFolder stream = held();
    Path stray = stream.path(stream.ledger().orElseThrow().pieces().get(0));
    Files.write(stray.resolveSibling("piece-stray"), new byte[36]);
    add(rows(4, 12, 0));
    run();
    assertThat(onDisk(path)).isEqualTo(expected(12, 0, frame -> true));
    assertThat(stream.pieces()).isEmpty();
  }

  @Test
  void addsToADataSetThatIsThere() throws Exception {
    PartitionStructure structure =
        PartitionStructure.parse(
            "{\"version\": 1, \"slices\": [[0, 3], [3, 6], [6, 9], [9, 12]], \"shape\": [3, 4, 3],"
                + " \"sig_dims\": 1, \"dtype\": \"int32\"}",
            "test");
    ClusterDataSet.create(path, structure);
    add(rows(3, 9, 0));
    run();
    assertThat(onDisk(path)).isEqualTo(expected(12, 0, frame -> frame >= 3 && frame < 9));
  }

  @Test
  void refusesFramesOfPartitionsThatArePublished() throws Exception {
    add(rows(0, 3, 0));
    run();
    add(rows(2, 4, 100));
    String message = assertRefused(ErrorCode.PARTITION_EXISTS, this::run);
    assertThat(message).contains("partition 0", "startingIndex");
    assertThat(onDisk(path)).isEqualTo(expected(12, 0, frame -> frame < 3));
  }

  @Test
  void refusesFramesThatCameInAnEarlierEpoch() throws Exception {
    add(rows(0, 2, 0));
    add(rows(1, 3, 0));
    assertThat(assertRefused(ErrorCode.FRAME_DOUBLED, this::run)).contains("frame 1");
    assertThat(onDisk(path)).isEqualTo(expected(12, 0, frame -> false));
    assertThat(held().pieces()).hasSize(1);
  }

  @Test
  void refusesModeComplete() {
    add(rows(0, 3, 0));
    Dataset<Row> counted =
        stream()
            .groupBy("frame_index")
            .agg(org.apache.spark.sql.functions.expr("first(frame) AS frame"));
    assertThat(assertRefused(ErrorCode.OPERATION_UNSUPPORTED, () -> run(counted, "complete")))
        .contains("outputMode append");
    assertThat(path).doesNotExist();
  }
}
