// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stream;

import io.sparkarrays.core.FrontierState;
import io.sparkarrays.spark.options.StreamOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.connector.read.streaming.CompositeReadLimit;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.connector.read.streaming.ReadMaxBytes;
import org.apache.spark.sql.connector.read.streaming.ReadMaxRows;
import org.apache.spark.sql.connector.read.streaming.ReadMinRows;

/**
 * How many frames a batch may have.
 *
 * @param most no more
 * @param least fewer are waited for
 * @param delay but no longer than so
 */
record BatchLimit(long most, long least, Duration delay) {

  /** What options say, in Spark's terms. */
  static ReadLimit of(StreamOptions options) {
    List<ReadLimit> limits = new ArrayList<>();
    options.maxFrames().ifPresent(rows -> limits.add(ReadLimit.maxRows(rows)));
    options.maxBytes().ifPresent(bytes -> limits.add(ReadLimit.maxBytes(bytes)));
    options
        .minFrames()
        .ifPresent(rows -> limits.add(ReadLimit.minRows(rows, options.maxDelay().toMillis())));
    return limits.isEmpty()
        ? ReadLimit.allAvailable()
        : ReadLimit.compositeLimit(limits.toArray(ReadLimit[]::new));
  }

  /**
   * What Spark's terms say.
   *
   * @param frameBytes bytes of a frame
   */
  static BatchLimit of(ReadLimit limit, long frameBytes) {
    if (limit instanceof CompositeReadLimit all) {
      BatchLimit both = new BatchLimit(Long.MAX_VALUE, 1, Duration.ZERO);
      for (ReadLimit each : all.getReadLimits()) {
        BatchLimit one = of(each, frameBytes);
        both =
            new BatchLimit(
                Math.min(both.most, one.most),
                Math.max(both.least, one.least),
                both.delay.compareTo(one.delay) > 0 ? both.delay : one.delay);
      }
      return both;
    }
    if (limit instanceof ReadMaxRows rows) {
      return new BatchLimit(rows.maxRows(), 1, Duration.ZERO);
    }
    if (limit instanceof ReadMaxBytes bytes) {
      long frames = frameBytes == 0 ? Long.MAX_VALUE : Math.max(1, bytes.maxBytes() / frameBytes);
      return new BatchLimit(frames, 1, Duration.ZERO);
    }
    return limit instanceof ReadMinRows rows
        ? new BatchLimit(
            Long.MAX_VALUE, rows.minRows(), Duration.ofMillis(rows.maxTriggerDelayMs()))
        : new BatchLimit(Long.MAX_VALUE, 1, Duration.ZERO);
  }

  /**
   * An offset on the way to another, of so many frames that the limit allows: those of the file
   * that joined first before those of others. Where it cuts, it is at a multiple of a number.
   *
   * @param unit at least 1; a limit below it is raised to it
   */
  StreamOffset apply(StreamOffset start, StreamOffset latest, long unit) {
    Map<String, FileProgress> files = new LinkedHashMap<>();
    long left = Math.max(most, unit);
    for (Map.Entry<String, FileProgress> entry : latest.files().entrySet()) {
      FileProgress all = entry.getValue();
      FrontierState before = start.state(entry.getKey());
      FrontierState state = all.state().limit(before, left);
      if (!state.equals(all.state())) {
        state = state.align(before, unit);
      }
      left -= state.since(before).count();
      boolean done = all.done() && state.equals(all.state());
      files.put(entry.getKey(), all.at(state, done));
    }
    return new StreamOffset(latest.first(), files);
  }
}
