// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries whose second epoch waits for their end: an epoch is one frame. */
class QueryEndTest {

  @TempDir private Path folder;

  private void feed(int epoch) throws IOException {
    Path temp = Files.writeString(folder.resolve("temp.json"), "{\"frame_index\":" + epoch + "}");
    Path input = Files.createDirectories(folder.resolve("input"));
    Files.move(temp, input.resolve(epoch + ".json"));
  }

  private StreamingQuery start() throws Exception {
    return LocalSpark.session()
        .readStream()
        .schema("frame_index BIGINT")
        .option("maxFilesPerTrigger", 1)
        .json(folder.resolve("input").toString())
        .selectExpr("frame_index", "frame_index AS data")
        .writeStream()
        .format("hdf5")
        .option("masterInterval", 9)
        .option("checkpointLocation", folder.resolve("checkpoint").toString())
        .start(result().toString());
  }

  private void runAll() throws Exception {
    StreamingQuery query = start();
    try {
      query.processAllAvailable();
    } finally {
      query.stop();
    }
  }

  private Path result() {
    return folder.resolve("result.h5");
  }

  private long frames() throws IOException {
    try (Hdf5File file = Hdf5File.open(result())) {
      return file.dataset("/data").shape().size();
    }
  }

  private void awaitFrames(long count) throws IOException {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (frames() != count && System.nanoTime() < limit) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    // Who shows them removes what is needed no more, and then releases the lock.
    CommitLock.during(
        new ResultFiles(result()).parts(),
        Duration.ofSeconds(30),
        () -> assertThat(frames()).isEqualTo(count));
  }

  /** Says when the end of a query is heard of, and may keep others from hearing of it. */
  private static final class Ends extends SparkListener {
    final CountDownLatch heard = new CountDownLatch(1);
    final CountDownLatch held;
    private final Predicate<UUID> queries;

    Ends(Predicate<UUID> queries, int held) {
      this.queries = queries;
      this.held = new CountDownLatch(held);
    }

    @Override
    public void onOtherEvent(SparkListenerEvent event) {
      if (event instanceof StreamingQueryListener.QueryTerminatedEvent end
          && queries.test(end.id())) {
        heard.countDown();
        try {
          assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  @Test
  void aQueryThatIsRestartedBeforeItsEndIsHeardOfHasAnEndOfItsOwn() throws Exception {
    feed(0);
    feed(1);
    SparkContext context = LocalSpark.session().sparkContext();
    Ends late = new Ends(any -> true, 1);
    context.addSparkListener(late);
    try {
      runAll();
      assertThat(frames()).isEqualTo(1);
      feed(2);
      runAll();
      // What the run before left was shown when this one began to write.
      assertThat(frames()).isEqualTo(2);
    } finally {
      late.held.countDown();
      context.removeSparkListener(late);
    }
    awaitFrames(3);
  }

  @Test
  void aResultThatIsLockedKeepsNoListenerWaiting() throws Exception {
    feed(0);
    feed(1);
    SparkContext context = LocalSpark.session().sparkContext();
    StreamingQuery query = start();
    query.processAllAvailable();
    Ends others = new Ends(query.id()::equals, 0);
    context.addSparkListener(others);
    try {
      ResultFiles files = new ResultFiles(result());
      CommitLock.during(
          files.parts(), Duration.ofSeconds(30), () -> assertThat(isHeard(query, others)).isTrue());
    } finally {
      context.removeSparkListener(others);
    }
    awaitFrames(2);
  }

  private static boolean isHeard(StreamingQuery query, Ends ends) throws IOException {
    try {
      query.stop();
      return ends.heard.await(10, TimeUnit.SECONDS);
    } catch (TimeoutException | InterruptedException e) {
      throw new IOException(e);
    }
  }
}
