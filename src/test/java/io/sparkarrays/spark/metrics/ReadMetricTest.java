// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.sql.connector.metric.CustomMetric;
import org.junit.jupiter.api.Test;

/** The metrics as Spark makes and shows them. */
class ReadMetricTest {

  @Test
  void sparkCanMakeEachAnewFromItsClassName() throws ReflectiveOperationException {
    CustomMetric[] supported = ReadMetric.supported();
    assertThat(supported).hasSameSizeAs(ReadMetric.values());
    for (int i = 0; i < supported.length; i++) {
      CustomMetric made =
          (CustomMetric)
              Class.forName(supported[i].getClass().getName()).getConstructor().newInstance();
      assertThat(made.name()).isEqualTo(ReadMetric.values()[i].metricName());
      assertThat(made.description()).isEqualTo(supported[i].description()).isNotBlank();
      assertThat(ReadMetric.values()[i].value(7).name()).isEqualTo(made.name());
    }
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
