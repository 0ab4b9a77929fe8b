// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.metrics;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/**
 * What a scan counts, in its tasks and while it is planned. Spark makes the driver's side anew from
 * the class name, also in the history server, hence a public class for each.
 */
@SuppressWarnings("ImmutableEnumChecker") // Constructor references and pure functions only.
public enum ReadMetric {
  FRAMES_READ("framesRead", "frames read", FramesRead::new, Long::toString),
  BYTES_READ("bytesRead", "bytes read", BytesRead::new, ReadMetric::bytes),
  BYTES_PER_SECOND(
      "bytesPerSecond",
      "bytes a second while reading, per task",
      BytesPerSecond::new,
      rate -> bytes(rate) + "/s"),
  READ_TIME("readTime", "time reading, all tasks", ReadTime::new, ReadMetric::millis),
  DECODE_TIME("decodeTime", "time decoding, all tasks", DecodeTime::new, ReadMetric::millis),
  BATCHES("batches", "batches", Batches::new, Long::toString),
  CHUNKS_READ("chunksRead", "chunks read", ChunksRead::new, Long::toString),
  CHUNKS_SKIPPED("chunksSkipped", "chunks skipped", ChunksSkipped::new, Long::toString),
  SOURCES_OPENED(
      "sourcesOpened", "files of virtual data sets opened", SourcesOpened::new, Long::toString),
  PARTITIONS_LOCAL("partitionsLocal", "partitions local", PartitionsLocal::new, Long::toString),
  PARTITIONS_REMOTE("partitionsRemote", "partitions remote", PartitionsRemote::new, Long::toString),
  PARTITIONS_MISSING(
      "partitionsMissing", "partitions missing", PartitionsMissing::new, Long::toString),
  PLANNING_TIME("planningTime", "time planning", PlanningTime::new, ReadMetric::millis),
  SPLITS("splits", "splits", Splits::new, Long::toString),
  FRAMES_PRUNED("framesPruned", "frames pruned", FramesPruned::new, Long::toString),
  FILES_PRUNED("filesPruned", "files pruned", FilesPruned::new, Long::toString);

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

  /** The name that joins a value with its metric. */
  public String metricName() {
    return metricName;
  }

  /**
   * What a scan gives from {@code supportedCustomMetrics}; Spark shows each, if only as 0.
   *
   * @param chunked whether the files are stored in chunks
   * @param composed whether files may be made of others
   */
  public static CustomMetric[] supported(boolean chunked, boolean composed) {
    return Arrays.stream(values())
        .filter(m -> composed || m != SOURCES_OPENED)
        .filter(m -> chunked || (m != CHUNKS_READ && m != CHUNKS_SKIPPED))
        .map(m -> m.driverSide.get())
        .toArray(CustomMetric[]::new);
  }

  /** A value of one task, or of the planning. */
  public CustomTaskMetric value(long value) {
    return new TaskValue(metricName, value);
  }

  /** One task's value of {@link #BYTES_PER_SECOND}. */
  public static CustomTaskMetric rate(long bytes, long nanos) {
    return new TaskRate(Throughput.of(bytes, nanos));
  }

  private static String millis(long millis) {
    return millis + " ms";
  }

  static String bytes(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    int unit = bytes < 1024 ? 0 : (63 - Long.numberOfLeadingZeros(bytes)) / 10;
    return unit == 0
        ? bytes + " B"
        : String.format(Locale.ROOT, "%.1f %s", bytes / (double) (1L << (10 * unit)), units[unit]);
  }

  private record TaskValue(String name, long value) implements CustomTaskMetric {}

  private record TaskRate(long value) implements CustomTaskMetric {
    @Override
    public String name() {
      return BYTES_PER_SECOND.metricName;
    }

    /** For several readers in a task; Spark has asked for it only since 4.2. */
    @SuppressWarnings("MissingOverride")
    public CustomTaskMetric mergeWith(CustomTaskMetric other) {
      return new TaskRate(Throughput.plus(value, other.value()));
    }
  }

  /** The driver's side of a metric. */
  private abstract static class Shown implements CustomMetric {
    private final ReadMetric metric;

    Shown(ReadMetric metric) {
      this.metric = metric;
    }

    @Override
    public final String name() {
      return metric.metricName;
    }

    @Override
    public final String description() {
      return metric.description;
    }

    @Override
    public final String aggregateTaskMetrics(long[] taskMetrics) {
      return metric.format.apply(total(taskMetrics));
    }

    /** What is shown of all tasks. */
    long total(long[] taskMetrics) {
      return Arrays.stream(taskMetrics).sum();
    }
  }

  /** Frames that were read or filled in. */
  public static final class FramesRead extends Shown {
    /** For Spark. */
    public FramesRead() {
      super(FRAMES_READ);
    }
  }

  /** Bytes of frames in their stored width. */
  public static final class BytesRead extends Shown {
    /** For Spark. */
    public BytesRead() {
      super(BYTES_READ);
    }
  }

  /** Bytes read by the time spent reading them, both summed over all tasks. */
  public static final class BytesPerSecond extends Shown {
    /** For Spark. */
    public BytesPerSecond() {
      super(BYTES_PER_SECOND);
    }

    @Override
    long total(long[] taskMetrics) {
      return Throughput.bytesPerSecond(taskMetrics);
    }
  }

  /** Milliseconds in reads of files, summed over all tasks. */
  public static final class ReadTime extends Shown {
    /** For Spark. */
    public ReadTime() {
      super(READ_TIME);
    }
  }

  /** Milliseconds to make batches of what was read, summed over all tasks. */
  public static final class DecodeTime extends Shown {
    /** For Spark. */
    public DecodeTime() {
      super(DECODE_TIME);
    }
  }

  /** Columnar batches. */
  public static final class Batches extends Shown {
    /** For Spark. */
    public Batches() {
      super(BATCHES);
    }
  }

  /** Chunks that were read, of files that are stored in chunks. */
  public static final class ChunksRead extends Shown {
    /** For Spark. */
    public ChunksRead() {
      super(CHUNKS_READ);
    }
  }

  /** Chunks of opened files that held nothing that was wanted. */
  public static final class ChunksSkipped extends Shown {
    /** For Spark. */
    public ChunksSkipped() {
      super(CHUNKS_SKIPPED);
    }
  }

  /** Other files that were opened for the ranges that are made of them. */
  public static final class SourcesOpened extends Shown {
    /** For Spark. */
    public SourcesOpened() {
      super(SOURCES_OPENED);
    }
  }

  /** File ranges that were read on a host that holds them, where only some hosts do. */
  public static final class PartitionsLocal extends Shown {
    /** For Spark. */
    public PartitionsLocal() {
      super(PARTITIONS_LOCAL);
    }
  }

  /** File ranges that were read on another host, through a shared folder. */
  public static final class PartitionsRemote extends Shown {
    /** For Spark. */
    public PartitionsRemote() {
      super(PARTITIONS_REMOTE);
    }
  }

  /** Files with wanted frames that no host has, and that were skipped or filled. */
  public static final class PartitionsMissing extends Shown {
    /** For Spark. */
    public PartitionsMissing() {
      super(PARTITIONS_MISSING);
    }
  }

  /** Milliseconds from the files that exist to splits, on the driver. */
  public static final class PlanningTime extends Shown {
    /** For Spark. */
    public PlanningTime() {
      super(PLANNING_TIME);
    }
  }

  /** What the frames were cut into; a task reads one or more. */
  public static final class Splits extends Shown {
    /** For Spark. */
    public Splits() {
      super(SPLITS);
    }
  }

  /** Frames of the data set that no task reads. */
  public static final class FramesPruned extends Shown {
    /** For Spark. */
    public FramesPruned() {
      super(FRAMES_PRUNED);
    }
  }

  /** Files of the data set that no task opens for their frames. */
  public static final class FilesPruned extends Shown {
    /** For Spark. */
    public FilesPruned() {
      super(FILES_PRUNED);
    }
  }
}
