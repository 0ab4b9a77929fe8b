// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.TempFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams whose result is renewed at every third epoch: two frames an epoch, each its number. */
class MasterIntervalTest {

  @TempDir private Path folder;

  /** The next epoch. */
  private void feed(int epoch) throws IOException {
    String rows =
        LongStream.range(2L * epoch, 2L * epoch + 2)
            .mapToObj("{\"frame_index\":%d}"::formatted)
            .collect(Collectors.joining("\n"));
    Path temp = folder.resolve("temp.json");
    Files.writeString(temp, rows);
    Files.move(
        temp, Files.createDirectories(folder.resolve("input")).resolve(epoch + "-epoch.json"));
  }

  private StreamingQuery start(Path run, String mode) throws Exception {
    Files.createDirectories(folder.resolve("input"));
    Dataset<Row> rows =
        LocalSpark.session()
            .readStream()
            .schema("frame_index BIGINT")
            .option("maxFilesPerTrigger", 1)
            .json(folder.resolve("input").toString());
    if (mode.equals("complete")) {
      rows = rows.groupBy("frame_index").count().drop("count");
    }
    return rows.selectExpr("frame_index", "frame_index AS data")
        .writeStream()
        .format("hdf5")
        .outputMode(mode)
        .option("masterInterval", 3)
        .option("checkpointLocation", run.resolve("checkpoint").toString())
        .start(run.resolve("result.h5").toString());
  }

  /** Ends a query, and waits until its result shows all. */
  private static void end(StreamingQuery query, Path run) throws Exception {
    query.stop();
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (isWaiting(run) && System.nanoTime() < limit) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private static boolean isWaiting(Path run) throws IOException {
    ResultFiles files = new ResultFiles(run.resolve("result.h5"));
    AtomicBoolean waiting = new AtomicBoolean();
    CommitLock.during(
        files.parts(),
        Duration.ofSeconds(30),
        () -> waiting.set(files.state().waiting().isPresent()));
    return waiting.get();
  }

  private static long frames(Path run) throws IOException {
    try (Hdf5File file = Hdf5File.open(run.resolve("result.h5"))) {
      return file.dataset("/data").shape().size();
    }
  }

  private static void assertHolds(Path run, int epochs) {
    List<Row> rows =
        LocalSpark.session()
            .read()
            .format("hdf5")
            .load(run.resolve("result.h5").toString())
            .orderBy("frame_index")
            .collectAsList();
    assertThat(rows)
        .extracting(row -> List.of(row.getLong(0), row.getLong(1)))
        .containsExactlyElementsOf(
            LongStream.range(0, 2L * epochs).mapToObj(i -> List.of(i, i)).toList());
  }

  private static List<String> parts(Path run) throws IOException {
    return TempFolder.names(run.resolve("result.h5.parts")).stream()
        .filter(name -> !name.equals(CommitLock.NAME))
        .toList();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  @Test
  void epochsAreShownThreeByThreeAndAtTheEnd() throws Exception {
    Path run = Files.createDirectory(folder.resolve("run"));
    StreamingQuery query = start(run, "append");
    for (int epoch = 0; epoch < 6; epoch++) {
      feed(epoch);
      query.processAllAvailable();
      assertThat(frames(run)).isEqualTo(epoch < 3 ? 2 : 8);
    }
    end(query, run);
    assertHolds(run, 6);
    assertThat(parts(run)).hasSize(7).doesNotContain(ResultFiles.WAITING);
  }

  /** What a killed driver leaves: as it is between two epochs, elsewhere. */
  @Test
  void aRestartedQueryShowsWhatWaitedAndRepeatsNothing() throws Exception {
    Path run = Files.createDirectory(folder.resolve("run"));
    Path killed = folder.resolve("killed");
    Path folded = folder.resolve("folded");
    StreamingQuery query = start(run, "append");
    for (int epoch = 0; epoch < 3; epoch++) {
      feed(epoch);
      query.processAllAvailable();
    }
    copy(run, killed);
    copy(run, folded);
    end(query, run);
    assertThat(frames(killed)).isEqualTo(2);
    // As if Spark had not learnt of the last epoch any more.
    Files.delete(killed.resolve("checkpoint/commits/2"));
    Files.deleteIfExists(killed.resolve("checkpoint/commits/.2.crc"));
    query = start(killed, "append");
    query.processAllAvailable();
    assertHolds(killed, 3);
    feed(3);
    query.processAllAvailable();
    assertHolds(killed, 3);
    end(query, killed);
    assertHolds(killed, 4);
    assertThat(parts(killed)).hasSize(5);

    assertThat(ResultCompaction.run(folded.resolve("result.h5"), 1, Duration.ofSeconds(30)))
        .isEqualTo(new ResultCompaction.Outcome(0, 0));
    assertHolds(folded, 3);
    assertThat(parts(folded)).hasSize(4);
  }

  @Test
  void aBatchShowsWhatWaited() throws Exception {
    Path run = Files.createDirectory(folder.resolve("run"));
    Path killed = folder.resolve("killed");
    StreamingQuery query = start(run, "append");
    for (int epoch = 0; epoch < 2; epoch++) {
      feed(epoch);
      query.processAllAvailable();
    }
    copy(run, killed);
    end(query, run);
    Dataset<Row> more =
        LocalSpark.session().range(4, 6).selectExpr("id AS frame_index", "id AS data");
    String path = killed.resolve("result.h5").toString();
    more.coalesce(1).write().format("hdf5").mode("append").save(path);
    assertHolds(killed, 3);
    assertThat(parts(killed)).hasSize(4);
    assertRefused(
        ErrorCode.OPTION_INVALID,
        () -> more.write().format("hdf5").mode("overwrite").option("masterInterval", 2).save(path));
  }

  @Test
  void replacedEpochsThatNobodySawAreRemoved() throws Exception {
    Path run = Files.createDirectory(folder.resolve("run"));
    StreamingQuery query = start(run, "complete");
    for (int epoch = 0; epoch < 4; epoch++) {
      feed(epoch);
      query.processAllAvailable();
      assertThat(frames(run)).isEqualTo(epoch < 3 ? 2 : 8);
      List<String> epochs =
          parts(run).stream()
              .filter(name -> name.endsWith(".h5"))
              .map(name -> name.substring(0, "epoch-000000".length()))
              .distinct()
              .toList();
      // The first, which the file shows or showed last, and the last.
      assertThat(epochs)
          .containsExactlyElementsOf(
              Stream.of(0, epoch).distinct().map("epoch-%06d"::formatted).toList());
    }
    end(query, run);
    assertHolds(run, 4);
  }
}
