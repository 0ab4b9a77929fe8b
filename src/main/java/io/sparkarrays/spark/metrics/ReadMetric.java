// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.metrics;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomSumMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/**
 * What the tasks of a scan count. Each is summed over the tasks; Spark makes the driver's side anew
 * from the class name, also in the history server, hence a public class for each.
 */
@SuppressWarnings("ImmutableEnumChecker") // Constructor references and pure functions only.
public enum ReadMetric {
  FRAMES_READ("framesRead", "frames read", FramesRead::new, Long::toString),
  BYTES_READ("bytesRead", "bytes read", BytesRead::new, ReadMetric::bytes),
  BATCHES("batches", "batches", Batches::new, Long::toString),
  READ_TIME("readTime", "time reading and converting", ReadTime::new, ms -> ms + " ms"),
  PARTITIONS_LOCAL("partitionsLocal", "partitions local", PartitionsLocal::new, Long::toString),
  PARTITIONS_REMOTE("partitionsRemote", "partitions remote", PartitionsRemote::new, Long::toString);

  private final String metricName;
  private final String description;
  private final Supplier<CustomMetric> driverSide;
  private final LongFunction<String> format;

  ReadMetric(
      String metricName,
      String description,
      Supplier<CustomMetric> driverSide,
      LongFunction<String> format) {
    this.metricName = metricName;
    this.description = description;
    this.driverSide = driverSide;
    this.format = format;
  }

  /** The name that joins a task's value with the driver's metric. */
  public String metricName() {
    return metricName;
  }

  /** What a scan gives from {@code supportedCustomMetrics}. */
  public static CustomMetric[] supported() {
    return Arrays.stream(values()).map(m -> m.driverSide.get()).toArray(CustomMetric[]::new);
  }

  /** One task's value. */
  public CustomTaskMetric value(long value) {
    return new TaskValue(metricName, value);
  }

  private static String bytes(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    int unit = bytes < 1024 ? 0 : (63 - Long.numberOfLeadingZeros(bytes)) / 10;
    return unit == 0
        ? bytes + " B"
        : String.format(Locale.ROOT, "%.1f %s", bytes / (double) (1L << (10 * unit)), units[unit]);
  }

  private record TaskValue(String name, long value) implements CustomTaskMetric {}

  /** The driver's side of a metric. */
  private abstract static class Sum extends CustomSumMetric {
    private final ReadMetric metric;

    Sum(ReadMetric metric) {
      this.metric = metric;
    }

    @Override
    public String name() {
      return metric.metricName;
    }

    @Override
    public String description() {
      return metric.description;
    }

    @Override
    public String aggregateTaskMetrics(long[] taskMetrics) {
      return metric.format.apply(Arrays.stream(taskMetrics).sum());
    }
  }

  /** Frames that were read or filled in. */
  public static final class FramesRead extends Sum {
    /** For Spark. */
    public FramesRead() {
      super(FRAMES_READ);
    }
  }

  /** Bytes of frames in their stored width. */
  public static final class BytesRead extends Sum {
    /** For Spark. */
    public BytesRead() {
      super(BYTES_READ);
    }
  }

  /** Columnar batches. */
  public static final class Batches extends Sum {
    /** For Spark. */
    public Batches() {
      super(BATCHES);
    }
  }

  /** Milliseconds between asking for a batch and having it, over all tasks. */
  public static final class ReadTime extends Sum {
    /** For Spark. */
    public ReadTime() {
      super(READ_TIME);
    }
  }

  /** File ranges that were read on a host that holds them, where only some hosts do. */
  public static final class PartitionsLocal extends Sum {
    /** For Spark. */
    public PartitionsLocal() {
      super(PARTITIONS_LOCAL);
    }
  }

  /** File ranges that were read on another host, through a shared folder. */
  public static final class PartitionsRemote extends Sum {
    /** For Spark. */
    public PartitionsRemote() {
      super(PARTITIONS_REMOTE);
    }
  }
}
