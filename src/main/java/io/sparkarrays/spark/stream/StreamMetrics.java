// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stream;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.spark.source.FollowedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a stream tells of itself in the progress of its query: all by numbers, in texts. */
final class StreamMetrics {

  private long lookNanos;
  private long came = System.nanoTime();

  /** A look at the files was taken. */
  void looked(long nanos, boolean moved) {
    lookNanos = nanos;
    if (moved) {
      came = System.nanoTime();
    }
  }

  /** How long nothing came. */
  long idleNanos() {
    return System.nanoTime() - came;
  }

  /** A file that can't tell now is being written: its writer may be at its superblock. */
  private static boolean isWriting(FollowedFile file) {
    if (file.finished() || file.complete()) {
      return false;
    }
    try {
      return file.writing();
    } catch (IOException | UncheckedIOException | ArrayException e) {
      // A number in the progress must not end the query.
      return true;
    }
  }

  /**
   * The metrics.
   *
   * @param latest how far the files are
   * @param consumed how far the query is
   */
  Map<String, String> of(FollowedFiles files, StreamOffset latest, StreamOffset consumed) {
    long late = 0;
    int writing = 0;
    for (FollowedFile file : files.all()) {
      late += file.late();
      writing += isWriting(file) ? 1 : 0;
    }
    long skipped =
        latest.files().values().stream().mapToLong(f -> f.state().skipped().count()).sum();
    Map<String, String> metrics = new LinkedHashMap<>();
    metrics.put("framesBehind", Long.toString(latest.count(consumed)));
    metrics.put("framesLate", Long.toString(late));
    metrics.put("framesSkipped", Long.toString(skipped));
    metrics.put("lastFrameAgeMs", Long.toString(idleNanos() / 1_000_000));
    metrics.put("refreshMs", Double.toString(lookNanos / 1e6));
    metrics.put("files", Integer.toString(latest.files().size()));
    metrics.put("filesBeingWritten", Integer.toString(writing));
    return metrics;
  }
}
