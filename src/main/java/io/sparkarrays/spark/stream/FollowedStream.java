// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stream;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.options.StreamOptions;
import io.sparkarrays.spark.read.FrameBatches;
import io.sparkarrays.spark.source.FollowedFile;
import io.sparkarrays.spark.source.FollowedSource;
import io.sparkarrays.spark.source.FrameSource;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.streaming.AcceptsLatestSeenOffset;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.connector.read.streaming.ReportsSourceMetrics;
import org.apache.spark.sql.connector.read.streaming.SupportsTriggerAvailableNow;

/**
 * The frames of files that are being written, each once. A batch is what two offsets say, so that
 * it is the same when it is run again; how far the files are is looked at between batches only.
 */
public final class FollowedStream
    implements MicroBatchStream,
        SupportsTriggerAvailableNow,
        AcceptsLatestSeenOffset,
        ReportsSourceMetrics {

  /** Time between two looks while a query waits that shall stop by itself. */
  private static final long POLL_MILLIS = 2;

  private final FollowedSource source;
  private final FrameSource table;
  private final FrameBatches batches;
  private final StreamOptions options;
  private final FollowedFiles files;
  private final ScanEnd end;
  private final StreamMetrics metrics = new StreamMetrics();
  private boolean availableNow;
  private Optional<StreamOffset> target = Optional.empty();
  private Optional<StreamOffset> latest = Optional.empty();

  /** Since when frames wait for others; 0 if none do. */
  private long waitingSince;

  /**
   * @param source finds and follows the files
   * @param table the data set as it was found first
   * @param batches makes the tasks
   */
  public FollowedStream(
      FollowedSource source, FrameSource table, FrameBatches batches, StreamOptions options) {
    this.source = source;
    this.table = table;
    this.batches = batches;
    this.options = options;
    this.files = new FollowedFiles(source, options.endOn() == StreamOptions.EndOn.NEVER);
    this.end = new ScanEnd(options.endOn(), options.timeout());
  }

  @Override
  public Offset initialOffset() {
    return new StreamOffset(options.startingIndex(), Map.of());
  }

  @Override
  public Offset deserializeOffset(String json) {
    return StreamOffset.parse(json);
  }

  /** The files may have been replaced while no query ran. */
  @Override
  public synchronized void setLatestSeenOffset(Offset offset) {
    files.requireSame(StreamOffset.of(offset));
  }

  @Override
  public ReadLimit getDefaultReadLimit() {
    return BatchLimit.of(options);
  }

  @Override
  public synchronized void prepareForTriggerAvailableNow() {
    availableNow = true;
  }

  /** Spark calls the one with a limit in its place. */
  @Override
  public Offset latestOffset() {
    throw new UnsupportedOperationException("latestOffset(Offset, ReadLimit) is called instead");
  }

  @Override
  public synchronized Offset latestOffset(Offset startOffset, ReadLimit readLimit) {
    StreamOffset start = StreamOffset.of(startOffset);
    files.closeDone(start);
    StreamOffset end = availableNow ? end(start) : whole(start, look(start));
    BatchLimit limit = BatchLimit.of(readLimit, batches.frameBytes());
    return isWaiting(limit, end.count(start))
        ? start
        : limit.apply(start, end, options.alignFrames());
  }

  private StreamOffset whole(StreamOffset start, StreamOffset end) {
    return end.align(start, options.alignFrames());
  }

  @Override
  public synchronized Offset reportLatestOffset() {
    return latest.orElse(null);
  }

  private StreamOffset look(StreamOffset start) {
    long begun = System.nanoTime();
    files.look(start);
    StreamOffset now = files.latest(start);
    long before = latest.orElse(start).count(start);
    metrics.looked(System.nanoTime() - begun, now.count(start) > before);
    latest = Optional.of(now);
    return now;
  }

  /** How far a query goes that shall stop by itself: it does when nothing is left of it. */
  private StreamOffset end(StreamOffset start) {
    if (options.endOn() == StreamOptions.EndOn.NOW) {
      if (target.isEmpty()) {
        target = Optional.of(whole(start, look(start)));
      }
      return target.get();
    }
    StreamOffset now = look(start);
    while (whole(start, now).count(start) == 0) {
      if (isEnded()) {
        // Where silence is the end, what is there is the scan's last part.
        return options.endOn() == StreamOptions.EndOn.TIMEOUT ? now : whole(start, now);
      }
      pause();
      now = look(start);
    }
    return whole(start, now);
  }

  private boolean isEnded() {
    boolean known = !latest.orElseThrow().files().isEmpty();
    return end.isReached(known, files.all(), metrics.idleNanos());
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException("while waiting for frames"));
    }
  }

  /** Whether frames wait until there are more. */
  private boolean isWaiting(BatchLimit limit, long frames) {
    if (availableNow || frames == 0 || frames >= limit.least()) {
      waitingSince = 0;
      return false;
    }
    long now = System.nanoTime();
    waitingSince = waitingSince == 0 ? now : waitingSince;
    if (now - waitingSince < limit.delay().toNanos()) {
      return true;
    }
    waitingSince = 0;
    return false;
  }

  @Override
  public synchronized InputPartition[] planInputPartitions(Offset startOffset, Offset endOffset) {
    StreamOffset start = StreamOffset.of(startOffset);
    StreamOffset end = StreamOffset.of(endOffset);
    List<FollowedFile> wanted = new ArrayList<>();
    FrameIntervals.Builder rows = new FrameIntervals.Builder();
    long first = 0;
    for (String path : end.files().keySet()) {
      FrameIntervals frames = end.since(start, path);
      if (!frames.isEmpty()) {
        FollowedFile file = files.get(path, end);
        wanted.add(file);
        for (int i = 0; i < frames.size(); i++) {
          rows.add(first + frames.from(i), first + frames.to(i));
        }
        first += file.scan().size();
      }
    }
    return wanted.isEmpty()
        ? new InputPartition[0]
        : batches.partitions(
            new FollowedFrames(table, source.opener(), wanted, options.alignFrames()),
            rows.build());
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return batches.readers();
  }

  @Override
  public synchronized Map<String, String> metrics(Optional<Offset> latestConsumedOffset) {
    StreamOffset consumed = StreamOffset.of(latestConsumedOffset.orElseGet(this::initialOffset));
    return metrics.of(files, latest.orElse(consumed), consumed);
  }

  /** Nothing is kept for a batch that is done. */
  @Override
  public void commit(Offset end) {}

  @Override
  public synchronized void stop() {
    files.close();
  }

  @Override
  public String toString() {
    return table.description();
  }
}
