// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.spark.metrics.ReadMetric;
import io.sparkarrays.spark.source.FrameRange;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** What one reader counts; plain numbers that stay readable after its buffers are gone. */
final class ReadCounters {

  private long frames;
  private long bytes;
  private long batches;
  private long nanos;
  private long local;
  private long remote;

  /**
   * A file was opened.
   *
   * @param host this executor's host
   */
  void opened(FrameRange range, String host) {
    if (range.hosts().contains(host)) {
      local++;
    } else if (!range.hosts().isEmpty()) {
      remote++;
    }
  }

  /**
   * Bytes of frames came out of a file. Spark's own input size is what Hadoop's file systems count
   * for the thread; plain local files are read past them, so those bytes are told to Hadoop here.
   */
  void read(FrameRange range, long count) {
    bytes += count;
    if (range.file().startsWith("/") || range.file().startsWith("file:")) {
      localFiles().incrementBytesRead(count);
    }
  }

  // Spark reads just these statistics, deprecated or not.
  @SuppressWarnings("deprecation")
  private static FileSystem.Statistics localFiles() {
    return FileSystem.getStatistics("file", LocalFileSystem.class);
  }

  /** A batch is complete. */
  void batch(int rows, long spentNanos) {
    frames += rows;
    batches++;
    nanos += spentNanos;
  }

  CustomTaskMetric[] values() {
    return new CustomTaskMetric[] {
      ReadMetric.FRAMES_READ.value(frames),
      ReadMetric.BYTES_READ.value(bytes),
      ReadMetric.BATCHES.value(batches),
      ReadMetric.READ_TIME.value(nanos / 1_000_000),
      ReadMetric.PARTITIONS_LOCAL.value(local),
      ReadMetric.PARTITIONS_REMOTE.value(remote)
    };
  }
}
