// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.spark.metrics.ReadMetric;
import io.sparkarrays.spark.source.ChunkCounts;
import io.sparkarrays.spark.source.FrameRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** What one reader counts; plain numbers that stay readable after its buffers are gone. */
final class ReadCounters {

  private static final long NANOS = 1_000_000;

  private long frames;
  private long bytes;
  private long batches;
  private long readNanos;
  private long decodeNanos;
  private long local;
  private long remote;
  private long sources;
  private Optional<ChunkCounts> chunks = Optional.empty();

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
  void read(FrameRange range, long count, long spentNanos) {
    bytes += count;
    readNanos += spentNanos;
    // Taken off again when the batch is complete, whose time includes that of its reads.
    decodeNanos -= spentNanos;
    if (range.file().startsWith("/") || range.file().startsWith("file:")) {
      localFiles().incrementBytesRead(count);
    }
  }

  // Spark reads just these statistics, deprecated or not.
  @SuppressWarnings("deprecation")
  private static FileSystem.Statistics localFiles() {
    return FileSystem.getStatistics("file", LocalFileSystem.class);
  }

  /** A file is done with that was made of others. */
  void sourcesOpened(long count) {
    sources += count;
  }

  /** A file that is stored in chunks is done with. */
  void closed(ChunkCounts counts) {
    chunks = chunks.map(counts::plus).or(() -> Optional.of(counts));
  }

  /** A batch is complete. */
  void batch(int rows, long spentNanos) {
    frames += rows;
    batches++;
    decodeNanos += spentNanos;
  }

  /**
   * Counts on from where another reader of the same task ended, as Spark before 4.2 wants it; later
   * ones add the readers' values up themselves.
   */
  void continueFrom(CustomTaskMetric[] values) {
    for (CustomTaskMetric value : values) {
      for (ReadMetric metric : ReadMetric.values()) {
        if (metric.metricName().equals(value.name())) {
          add(metric, value.value());
        }
      }
    }
  }

  private void add(ReadMetric metric, long value) {
    switch (metric) {
      case FRAMES_READ -> frames += value;
      case BYTES_READ -> bytes += value;
      case BATCHES -> batches += value;
      case READ_TIME -> readNanos += value * NANOS;
      case DECODE_TIME -> decodeNanos += value * NANOS;
      case PARTITIONS_LOCAL -> local += value;
      case PARTITIONS_REMOTE -> remote += value;
      case SOURCES_OPENED -> sources += value;
      case CHUNKS_READ -> closed(new ChunkCounts(value, 0, 0));
      case CHUNKS_SKIPPED -> closed(new ChunkCounts(0, value, 0));
      default -> {
        // The rate follows from bytes and time, and the rest are the driver's.
      }
    }
  }

  /**
   * All values so far.
   *
   * @param open of the file that is open, if it is stored in chunks
   * @param openSources how many others it has opened
   */
  CustomTaskMetric[] values(Optional<ChunkCounts> open, long openSources) {
    Optional<ChunkCounts> all =
        open.map(counts -> chunks.map(counts::plus).orElse(counts)).or(() -> chunks);
    long inChunks = all.map(ChunkCounts::decodeNanos).orElse(0L);
    long reading = readNanos - inChunks;
    long decoding = Math.max(0, decodeNanos + inChunks);
    List<CustomTaskMetric> values = new ArrayList<>(10);
    values.add(ReadMetric.FRAMES_READ.value(frames));
    values.add(ReadMetric.BYTES_READ.value(bytes));
    values.add(ReadMetric.rate(bytes, reading));
    values.add(ReadMetric.READ_TIME.value(reading / NANOS));
    values.add(ReadMetric.DECODE_TIME.value(decoding / NANOS));
    values.add(ReadMetric.BATCHES.value(batches));
    values.add(ReadMetric.PARTITIONS_LOCAL.value(local));
    values.add(ReadMetric.PARTITIONS_REMOTE.value(remote));
    values.add(ReadMetric.SOURCES_OPENED.value(sources + openSources));
    all.ifPresent(
        counts -> {
          values.add(ReadMetric.CHUNKS_READ.value(counts.read()));
          values.add(ReadMetric.CHUNKS_SKIPPED.value(counts.skipped()));
        });
    return values.toArray(CustomTaskMetric[]::new);
  }
}
