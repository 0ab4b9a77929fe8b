// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.junit.jupiter.api.Test;

/** The metrics as Spark makes and shows them. */
class ReadMetricTest {

  @Test
  void sparkCanMakeEachAnewFromItsClassName() throws ReflectiveOperationException {
    List<String> made = new ArrayList<>();
    for (CustomMetric metric : ReadMetric.supported()) {
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
}
