// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.metrics;

import java.util.Arrays;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomSumMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/**
 * What the tasks of a write count. The names are those that Spark copies into the Output columns of
 * its web pages.
 */
public final class WriteMetric {

  private static final String BYTES = "bytesWritten";
  private static final String RECORDS = "recordsWritten";

  private WriteMetric() {}

  /** What a write gives from {@code supportedCustomMetrics}. */
  public static CustomMetric[] supported() {
    return new CustomMetric[] {new BytesWritten(), new RecordsWritten()};
  }

  /** One task's values. */
  public static CustomTaskMetric[] values(long bytes, long records) {
    return new CustomTaskMetric[] {new TaskValue(BYTES, bytes), new TaskValue(RECORDS, records)};
  }

  private record TaskValue(String name, long value) implements CustomTaskMetric {}

  private abstract static class Sum extends CustomSumMetric {
    @Override
    public String aggregateTaskMetrics(long[] taskMetrics) {
      return format(Arrays.stream(taskMetrics).sum());
    }

    String format(long sum) {
      return Long.toString(sum);
    }
  }

  /** Bytes of frames in their stored width. */
  public static final class BytesWritten extends Sum {
    /** For Spark. */
    public BytesWritten() {}

    @Override
    public String name() {
      return BYTES;
    }

    @Override
    public String description() {
      return "bytes written";
    }

    @Override
    String format(long sum) {
      return ReadMetric.bytes(sum);
    }
  }

  /** Frames. */
  public static final class RecordsWritten extends Sum {
    /** For Spark. */
    public RecordsWritten() {}

    @Override
    public String name() {
      return RECORDS;
    }

    @Override
    public String description() {
      return "frames written";
    }
  }
}
