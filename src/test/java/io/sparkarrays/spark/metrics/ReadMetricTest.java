// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.junit.jupiter.api.Test;

/** The metrics as Spark makes and shows them. */
class ReadMetricTest {

  @Test
  void sparkCanMakeEachAnewFromItsClassName() throws ReflectiveOperationException {
    List<String> made = new ArrayList<>();
    for (CustomMetric metric : ReadMetric.supported(true, true)) {
      CustomMetric anew =
          Class.forName(metric.getClass().getName())
              .asSubclass(CustomMetric.class)
              .getConstructor()
              .newInstance();
      assertThat(anew.description()).isEqualTo(metric.description()).isNotBlank();
      made.add(anew.name());
    }
    assertThat(made)
        .isEqualTo(Arrays.stream(ReadMetric.values()).map(ReadMetric::metricName).toList())
        .isEqualTo(Arrays.stream(ReadMetric.values()).map(m -> m.value(7).name()).toList());
  }

  @Test
  void sumsReadWell() {
    assertThat(new ReadMetric.FramesRead().aggregateTaskMetrics(new long[] {3, 4})).isEqualTo("7");
    assertThat(new ReadMetric.BytesRead().aggregateTaskMetrics(new long[] {1000, 23}))
        .isEqualTo("1023 B");
    assertThat(new ReadMetric.BytesRead().aggregateTaskMetrics(new long[] {1L << 30, 1L << 29}))
        .isEqualTo("1.5 GiB");
    assertThat(new ReadMetric.ReadTime().aggregateTaskMetrics(new long[] {5})).isEqualTo("5 ms");
  }

  @Test
  void theRateIsThatOfAllTasksTogether() {
    CustomMetric shown = new ReadMetric.BytesPerSecond();
    // 3 GiB in 1 s and 3 GiB in 3 s: 6 GiB in 4 s, where the mean of the two rates is 2.
    long[] tasks = {rate(3L << 30, 1e9), rate(3L << 30, 3e9)};
    assertThat(shown.aggregateTaskMetrics(tasks)).isEqualTo("1.5 GiB/s");
    assertThat(shown.aggregateTaskMetrics(new long[] {rate(0, 0)})).isEqualTo("0 B/s");
    assertThat(shown.aggregateTaskMetrics(new long[0])).isEqualTo("0 B/s");
    // Two readers of one task, whichever way round.
    CustomTaskMetric one = ReadMetric.rate(3L << 30, 1_000_000_000);
    CustomTaskMetric two = ReadMetric.rate(3L << 30, 3_000_000_000L);
    assertThat(one.mergeWith(two).value()).isEqualTo(two.mergeWith(one).value());
    assertThat(shown.aggregateTaskMetrics(new long[] {one.mergeWith(two).value()}))
        .isEqualTo("1.5 GiB/s");
  }

  @Test
  void theRateSurvivesVeryLongTasks() {
    CustomMetric shown = new ReadMetric.BytesPerSecond();
    // A week at 1 GiB/s: more bytes and time than fit.
    long week = rate(604_800L << 30, 604_800e9);
    assertThat(week).isPositive();
    assertThat(Throughput.bytesPerSecond(week)).isCloseTo(1L << 30, withinPercentage(1));
    assertThat(Throughput.bytesPerSecond(Throughput.plus(week, week)))
        .isCloseTo(1L << 30, withinPercentage(1));
    assertThat(shown.aggregateTaskMetrics(new long[] {week})).endsWith("iB/s");
  }

  private static long rate(long bytes, double nanos) {
    return ReadMetric.rate(bytes, (long) nanos).value();
  }
}
