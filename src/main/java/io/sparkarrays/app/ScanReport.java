// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.source.FollowedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What is told of one live scan, line by line. */
final class ScanReport {

  /** Ranges of missing frames that a line tells. */
  private static final int RANGES = 5;

  private final FollowedFile file;
  private boolean begun;
  private long firstCount;
  private long firstAt;
  private long toldCount;
  private long toldAt;
  private long count;
  private long movedAt;

  ScanReport(FollowedFile file) {
    this.file = file;
  }

  /** Takes note of what a look at the file found. */
  void look(long nanoTime) {
    long now = file.state().next() - file.state().skipped().count();
    if (!begun) {
      begun = true;
      firstCount = now;
      firstAt = nanoTime;
      toldCount = now;
      toldAt = nanoTime;
      movedAt = nanoTime;
    }
    if (now != count) {
      count = now;
      movedAt = nanoTime;
    }
  }

  /** A line with the rate since the last one. */
  String line(long nanoTime) throws IOException {
    String line = text(rate(count - toldCount, nanoTime - toldAt), "", state());
    toldCount = count;
    toldAt = nanoTime;
    return line;
  }

  /** The last line, with the rate since the first look. */
  String last(long nanoTime, long idleNanos) throws IOException {
    boolean silent = !isEnded() && idleNanos >= TimeUnit.SECONDS.toNanos(1);
    String rest = silent ? ", silent for " + TimeUnit.NANOSECONDS.toSeconds(idleNanos) + " s" : "";
    String rate = rate(count - firstCount, movedAt - firstAt);
    return text(rate, rate.isEmpty() ? "" : " on the whole", state() + rest);
  }

  private String text(String rate, String span, String state) {
    List<String> parts = new ArrayList<>();
    parts.add(
        count + (file.most().isPresent() ? " of " + file.most().getAsLong() : "") + " frames");
    if (!rate.isEmpty()) {
      parts.add(rate + span);
    }
    if (file.late() > 0) {
      parts.add(file.late() + " late");
    }
    if (lacksFrames()) {
      parts.add(missing(file.state().skipped()));
    }
    parts.add(state);
    return file.file() + ": " + String.join(", ", parts);
  }

  private static String rate(long frames, long nanos) {
    return frames <= 0 || nanos <= 0
        ? ""
        : String.format(Locale.ROOT, "%.1f frames/s", frames * 1e9 / nanos);
  }

  private static String missing(FrameIntervals skipped) {
    List<String> ranges = new ArrayList<>();
    for (int i = 0; i < Math.min(RANGES, skipped.size()); i++) {
      long last = skipped.to(i) - 1;
      ranges.add(skipped.from(i) == last ? "" + last : skipped.from(i) + "-" + last);
    }
    return skipped.count()
        + " missing ("
        + String.join(" ", ranges)
        + (skipped.size() > RANGES ? " ...)" : ")");
  }

  private String state() throws IOException {
    if (file.complete()) {
      return "complete";
    }
    if (file.finished()) {
      return "finished";
    }
    return file.writing() ? "being written" : "closed by its writer";
  }

  /** Whether frames are missing while later ones are there. */
  boolean lacksFrames() {
    return !file.state().skipped().isEmpty();
  }

  /** Whether nothing more will come. */
  boolean isEnded() {
    return file.complete() || (file.finished() && file.late() == 0);
  }
}
