// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.metrics.ReadMetric;
import io.sparkarrays.spark.source.ChunkCounts;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.write.SavedFrames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.executor.OutputMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Spark's pages show of reads and writes, and what that costs. */
class ShownMetricsTest {

  @TempDir Path folder;

  @Test
  void readsShowWhatTasksAndPlanningDid() throws Exception {
    FilesByKey files = new FilesByKey(folder.resolve("scan"));
    Files.delete(files.file(1));
    ScanMetrics shown =
        ScanMetrics.of(
            () ->
                LocalSpark.session()
                    .read()
                    .format("clusterdata")
                    .option("missing", "skip")
                    .load(files.path().toString())
                    .filter("frame_index >= 3 AND frame_index < 14")
                    .select("frame")
                    .collectAsList());
    assertThat(shown.value("frames read")).isEqualTo("5");
    assertThat(shown.value("bytes read")).isEqualTo(5 * FilesByKey.FRAME_BYTES + " B");
    assertThat(shown.value("bytes a second while reading, per task")).endsWith("/s");
    assertThat(shown.value("time reading, all tasks")).matches("\\d+ ms");
    assertThat(shown.value("time decoding, all tasks")).matches("\\d+ ms");
    assertThat(shown.value("batches")).isEqualTo("1");
    assertThat(shown.value("time planning")).matches("\\d+ ms");
    assertThat(shown.value("splits")).isEqualTo("1");
    assertThat(shown.value("frames pruned")).isEqualTo("19");
    assertThat(shown.value("files pruned")).isEqualTo("1");
    assertThat(shown.value("partitions missing")).isEqualTo("1");
    // On one host no partition is nearer than another, and raw files have no chunks.
    assertThat(shown.value("partitions local")).isEqualTo("0");
    assertThat(shown.value("partitions remote")).isEqualTo("0");
    assertThat(shown.value("chunks read")).isNull();
  }

  @Test
  void formatsWithChunksShowThem() throws Exception {
    Path raw = Files.createDirectory(folder.resolve("raw"));
    for (int file = 0; file < 2; file++) {
      Files.write(raw.resolve("frames-" + file), new byte[10 * 4]);
    }
    ScanMetrics shown =
        ScanMetrics.of(
            () ->
                LocalSpark.session()
                    .read()
                    .format(RawFrames.class.getName())
                    .option("dtype", "uint8")
                    .option("frameShape", "4")
                    .option("framesPerFile", 10)
                    .option("chunkFrames", 3)
                    .load(raw.toString())
                    .collectAsList());
    // Frames 0:10 lie in chunks 0 to 3, frames 10:20 in chunks 3 to 6 of the scan.
    assertThat(shown.value("chunks read")).isEqualTo("8");
    assertThat(shown.value("chunks skipped")).isEqualTo("3");
    assertThat(shown.value("frames read")).isEqualTo("20");
  }

  @Test
  void severalReadersInATaskCountOn() {
    FrameRange range = new FrameRange("/f", 0, 10, 0, true, List.of("here"));
    ReadCounters first = new ReadCounters();
    first.opened(range, "here");
    first.opened(range, "there");
    first.read(range, 100, 30_000_000);
    first.batch(5, 50_000_000);
    first.closed(new ChunkCounts(3, 1, 10_000_000));
    ReadCounters second = new ReadCounters();
    second.continueFrom(first.values(Optional.empty(), 3));
    second.read(range, 50, 10_000_000);
    second.batch(2, 15_000_000);
    Map<String, Long> values =
        byName(second.values(Optional.of(new ChunkCounts(2, 2, 1_000_000)), 2));
    assertThat(values)
        .containsEntry(ReadMetric.FRAMES_READ.metricName(), 7L)
        .containsEntry(ReadMetric.BYTES_READ.metricName(), 150L)
        .containsEntry(ReadMetric.BATCHES.metricName(), 2L)
        .containsEntry(ReadMetric.READ_TIME.metricName(), 29L)
        .containsEntry(ReadMetric.DECODE_TIME.metricName(), 36L)
        .containsEntry(ReadMetric.PARTITIONS_LOCAL.metricName(), 1L)
        .containsEntry(ReadMetric.PARTITIONS_REMOTE.metricName(), 1L)
        .containsEntry(ReadMetric.CHUNKS_READ.metricName(), 5L)
        .containsEntry(ReadMetric.SOURCES_OPENED.metricName(), 5L)
        .containsEntry(ReadMetric.CHUNKS_SKIPPED.metricName(), 3L);
  }

  private static Map<String, Long> byName(CustomTaskMetric... values) {
    Map<String, Long> byName = new HashMap<>();
    Arrays.stream(values).forEach(value -> byName.put(value.name(), value.value()));
    return byName;
  }

  @Test
  void writesShowInSparksOutputColumns() throws Exception {
    List<OutputMetrics> outputs = new ArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            synchronized (outputs) {
              outputs.add(end.taskMetrics().outputMetrics());
            }
          }
        };
    SparkSession spark = LocalSpark.session();
    spark.sparkContext().addSparkListener(listener);
    ScanMetrics shown;
    try {
      shown =
          ScanMetrics.of(
              () ->
                  SavedFrames.writer(SavedFrames.rows(0, 12, 0), "append")
                      .save(folder.resolve("written").toString()));
    } finally {
      spark.sparkContext().removeSparkListener(listener);
    }
    synchronized (outputs) {
      assertThat(outputs.stream().mapToLong(OutputMetrics::recordsWritten).sum()).isEqualTo(12);
      assertThat(outputs.stream().mapToLong(OutputMetrics::bytesWritten).sum()).isEqualTo(12 * 12);
    }
    assertThat(shown.value("frames written")).isEqualTo("12");
    assertThat(shown.value("bytes written")).isEqualTo("144 B");
  }

  /** Keys are reported only with splits, and for splits hosts have to be asked, but once. */
  @Test
  void explainAsksTheHostsOnceAScan() throws IOException, InterruptedException {
    FilesByKey files = new FilesByKey(folder.resolve("asked"));
    SparkSession spark = LocalSpark.session();
    Dataset<Row> grouped =
        files.frames(spark, 2).groupBy("_file").agg(Map.of("frame_index", "sum"));
    assertThat(jobs(() -> grouped.queryExecution().executedPlan())).isLessThanOrEqualTo(1);
    assertThat(grouped.queryExecution().executedPlan().toString()).contains("splits: 12 of 4");
    assertThat(jobs(() -> assertThat(grouped.queryExecution().toString()).contains("12 of 4")))
        .isZero();
  }

  private static int jobs(Runnable action) throws InterruptedException {
    List<Integer> jobs = new ArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            synchronized (jobs) {
              jobs.add(start.jobId());
            }
          }
        };
    SparkSession spark = LocalSpark.session();
    spark.sparkContext().addSparkListener(listener);
    try {
      action.run();
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError(e);
    } finally {
      spark.sparkContext().removeSparkListener(listener);
    }
    synchronized (jobs) {
      return jobs.size();
    }
  }
}
