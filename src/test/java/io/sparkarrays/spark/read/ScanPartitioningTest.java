// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.options.ReadOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.read.partitioning.KeyGroupedPartitioning;
import org.apache.spark.sql.connector.read.partitioning.UnknownPartitioning;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When files are kept apart, and which order a scan promises. */
class ScanPartitioningTest {

  @BeforeEach
  void useTheSharedSession() {
    LocalSpark.session();
  }

  private static ScanPartitioning partitioning(
      PlainSource source, FrameIntervals frames, String... names) {
    TableSchema schema = TableSchema.of(source, ReadOptions.of(Map.of("path", "/data")));
    List<ReadColumn> columns =
        Arrays.stream(names).map(name -> schema.find(name).orElseThrow()).toList();
    return ScanPartitioning.of(
        source,
        new ScanPlan(columns, frames, FrameChoice.ALL, List.of(), List.of(), List.of()),
        true);
  }

  private static String order(String... names) {
    PlainSource source = new PlainSource(Shape.of(4, 3, 2), 4, Shape.of(8));
    return partitioning(source, FrameIntervals.of(0, 24), names).ordering().stream()
        .map(SortOrder::expression)
        .map(Object::toString)
        .toList()
        .toString();
  }

  @Test
  void rowsAreInTheOrderOfTheIndex() {
    assertThat(order("frame")).isEqualTo("[]");
    assertThat(order("frame", "frame_index")).isEqualTo("[frame_index]");
    assertThat(order("scan_1", "frame_index", "scan_0")).isEqualTo("[frame_index]");
    assertThat(order("scan_2", "scan_1", "scan_0")).isEqualTo("[scan_0, scan_1, scan_2]");
    assertThat(order("scan_2", "scan_0")).isEqualTo("[scan_0]");
    assertThat(order("scan_1", "scan_2")).isEqualTo("[]");
    assertThat(order("_file")).isEqualTo("[_file]");
    assertThat(order("frame_index", "_file")).isEqualTo("[_file, frame_index]");
    assertThat(order("scan_0", "_partition", "frame")).isEqualTo("[_partition, scan_0]");
    assertThat(order("_partition", "_file")).isEqualTo("[_file]");
    assertThat(order("_offset", "_dataset")).isEqualTo("[]");
  }

  @Test
  void filesAreKeptApartUnlessTheyAreManyAndSmall() {
    Shape small = Shape.of(1 << 10);
    Shape large = Shape.of(8 << 20);
    assertKeptApart(1000, small, FrameIntervals.of(0, 1000), true);
    assertKeptApart(1001, small, FrameIntervals.of(0, 1001), false);
    assertKeptApart(1001, large, FrameIntervals.of(0, 1001), true);
    // Only the files that are read count.
    assertKeptApart(1001, small, FrameIntervals.of(1, 1001), true);
    assertKeptApart(1001, small, FrameIntervals.EMPTY, false);
  }

  private static void assertKeptApart(
      int files, Shape frame, FrameIntervals frames, boolean apart) {
    PlainSource source = new PlainSource(Shape.of(files), files, frame);
    ScanPartitioning partitioning = partitioning(source, frames, "frame", "_file");
    assertThat(partitioning.partitioning())
        .isInstanceOf(apart ? KeyGroupedPartitioning.class : UnknownPartitioning.class);
    assertThat(partitioning.key().isPresent()).isEqualTo(apart);
    if (apart) {
      assertThat(partitioning.partitioning().numPartitions())
          .isEqualTo(Math.toIntExact(frames.count()));
    } else {
      assertThat(partitioning.ordering()).isEmpty();
    }
  }

  @Test
  void aSessionThatWantsNoKeysGetsNone() {
    SparkSession shared = LocalSpark.session();
    PlainSource source = new PlainSource(Shape.of(4), 4, Shape.of(8));
    SparkSession.setActiveSession(
        FilesByKey.session("spark.sql.sources.v2.bucketing.enabled", "false"));
    try {
      assertThat(partitioning(source, FrameIntervals.of(0, 4), "_file").key()).isEmpty();
    } finally {
      SparkSession.setActiveSession(shared);
    }
  }
}
