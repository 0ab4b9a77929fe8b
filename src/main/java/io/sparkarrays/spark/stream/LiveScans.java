// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stream;

import io.sparkarrays.spark.options.StreamOptions;
import io.sparkarrays.spark.source.FollowedFile;
import io.sparkarrays.spark.source.FollowedSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How far live scans are, without their frames, and without Spark. Used by one thread. */
public final class LiveScans implements AutoCloseable {

  private final FollowedFiles files;
  private final ScanEnd end;
  private final StreamOffset start;
  private long found;
  private long cameAt = System.nanoTime();

  /**
   * @param source finds and follows the files
   */
  public LiveScans(FollowedSource source, StreamOptions options) {
    this.files = new FollowedFiles(source, options.endOn() == StreamOptions.EndOn.NEVER);
    this.end = new ScanEnd(options.endOn(), options.timeout());
    this.start = new StreamOffset(options.startingIndex(), Map.of());
  }

  /**
   * Looks at all files once, without waiting.
   *
   * @return the files, in the order in which they joined
   * @throws io.sparkarrays.core.ArrayException {@code SCAN_CHANGED}
   */
  public List<FollowedFile> look() {
    files.look(start);
    long now = files.latest(start).count(start);
    if (now > found) {
      found = now;
      cameAt = System.nanoTime();
    }
    return all();
  }

  private List<FollowedFile> all() {
    List<FollowedFile> all = new ArrayList<>();
    files.all().forEach(all::add);
    return all;
  }

  /** How long no frame came, as of the last look. */
  public long idleNanos() {
    return System.nanoTime() - cameAt;
  }

  /** Whether what the options take for the end of the scans has come. */
  public boolean isEnded() {
    return end.isReached(!all().isEmpty(), files.all(), idleNanos());
  }

  @Override
  public void close() {
    files.close();
  }
}
