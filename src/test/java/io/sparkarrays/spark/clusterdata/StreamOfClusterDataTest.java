// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static io.sparkarrays.spark.write.SavedFrames.rows;
import static io.sparkarrays.spark.write.SavedFrames.writer;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.DataStreamReader;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ClusterDataSet of 12 frames in 4 partitions as a stream: partitions as they appear. */
class StreamOfClusterDataTest {

  @TempDir private Path folder;
  private final List<List<Long>> batches = Collections.synchronizedList(new ArrayList<>());
  private Path path;

  @BeforeEach
  void choosePath() {
    path = folder.resolve("scan");
  }

  private void save(long from, long to) {
    writer(rows(from, to, 0), "append").save(path.toString());
  }

  private StreamingQuery start(Trigger trigger, Map<String, String> options) throws Exception {
    DataStreamReader reader = LocalSpark.session().readStream().format("clusterdata");
    return reader
        .options(options)
        .load(path.toString())
        .writeStream()
        .option("checkpointLocation", folder.resolve("checkpoint").toString())
        .trigger(trigger)
        .foreachBatch(
            (batch, number) -> {
              List<Long> indexes = new ArrayList<>();
              for (Row row : batch.collectAsList()) {
                long index = row.getAs("frame_index");
                assertThat(row.<Integer>getList(row.fieldIndex("frame")).get(0))
                    .isEqualTo((int) (10 * index));
                assertThat(row.<Long>getAs("scan_0") * 4 + row.<Long>getAs("scan_1"))
                    .isEqualTo(index);
                indexes.add(index);
              }
              indexes.sort(null);
              batches.add(indexes);
            })
        .start();
  }

  private void run(Map<String, String> options) throws Exception {
    StreamingQuery query = start(Trigger.AvailableNow(), options);
    query.processAllAvailable();
    query.stop();
  }

  @Test
  void givesEachPartitionOnceInWhateverOrderTheyAppear() throws Exception {
    save(6, 9);
    run(Map.of());
    save(0, 3);
    save(9, 12);
    run(Map.of());
    run(Map.of());
    save(3, 6);
    run(Map.of());
    assertThat(batches)
        .containsExactly(
            List.of(6L, 7L, 8L), List.of(0L, 1L, 2L, 9L, 10L, 11L), List.of(3L, 4L, 5L));
  }

  @Test
  void givesPartitionsThatAppearWhileItRuns() throws Exception {
    save(3, 6);
    StreamingQuery query =
        start(Trigger.AvailableNow(), Map.of("endOn", "complete", "timeout", "60s"));
    save(0, 3);
    save(6, 12);
    assertThat(query.awaitTermination(60_000)).isTrue();
    assertThat(batches.stream().flatMap(List::stream).sorted())
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
  }

  @Test
  void limitsBatchesAndLeavesOutTheFirstFrames() throws Exception {
    save(0, 9);
    run(Map.of("maxFramesPerTrigger", "4", "startingIndex", "2"));
    assertThat(batches).containsExactly(List.of(2L, 3L, 4L, 5L), List.of(6L, 7L, 8L));
  }

  @Test
  void takesDeletedPartitionsForGiven() throws Exception {
    save(0, 6);
    run(Map.of());
    ClusterDataSet.open(path).partition(1).delete();
    run(Map.of());
    save(9, 12);
    run(Map.of());
    assertThat(batches).containsExactly(List.of(0L, 1L, 2L, 3L, 4L, 5L), List.of(9L, 10L, 11L));
  }

  @Test
  void refusesToGoOnWithAnotherStructure() throws Exception {
    save(0, 3);
    run(Map.of());
    writer(rows(0, 4, 0), "overwrite").option("partitions", 3).save(path.toString());
    assertThat(assertRefused(ErrorCode.SCAN_CHANGED, () -> run(Map.of()))).contains("structure");
  }
}
