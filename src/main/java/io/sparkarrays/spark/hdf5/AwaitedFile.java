// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.options.StreamOptions;
import io.sparkarrays.swmr.LiveFiles;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The first file of a stream, which its writer may be about to make: it tells the columns. */
final class AwaitedFile {

  private static final long POLL_MILLIS = 20;

  private final ReadOptions options;
  private final StreamOptions stream;

  AwaitedFile(ReadOptions options, StreamOptions stream) {
    this.options = options;
    this.stream = stream;
  }

  /**
   * Waits until it is there, can be read and has all data sets that were named.
   *
   * @throws ArrayException {@code PATH_NOT_FOUND}, or what was wrong with it at last
   */
  void await() {
    long start = System.nanoTime();
    List<String> found = Hdf5Paths.find(options.paths());
    while (found.isEmpty() && left(start) > 0) {
      pause();
      found = Hdf5Paths.find(options.paths());
    }
    if (found.isEmpty()) {
      throw missing(options.paths().get(0), null);
    }
    try {
      Duration rest = Duration.ofNanos(Math.max(0, left(start)));
      LiveFiles.open(Path.of(found.get(0)), datasets(), rest).close();
    } catch (IOException e) {
      throw missing(found.get(0), e);
    }
  }

  private long left(long start) {
    return stream.timeout().toNanos() - (System.nanoTime() - start);
  }

  private List<String> datasets() {
    List<String> names = new ArrayList<>();
    options.dataset().ifPresent(names::add);
    options
        .datasets()
        .ifPresent(all -> DatasetName.parse(all).forEach(name -> names.add(name.path())));
    stream.finishedDataset().ifPresent(names::add);
    names.addAll(KeyDatasets.named(stream.keys()));
    return names;
  }

  private ArrayException missing(String path, IOException cause) {
    return new ArrayException(
        ErrorCode.PATH_NOT_FOUND,
        path,
        "no HDF5 file was there for " + stream.timeout().toMillis() + " ms",
        "A stream's columns are those of its first file: begin the scan, or raise option timeout",
        cause);
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException("while waiting for a file"));
    }
  }
}
