// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.virtual.VirtualAccess;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Opens files that a writer is about to make: one that is not there yet, is not in SWMR mode yet or
 * has not all of its objects yet is waited for.
 */
public final class LiveFiles {

  /** What a writer that goes on may mend. */
  private static final Set<ErrorCode> PASSING =
      Set.of(
          ErrorCode.NOT_A_DATA_SET,
          ErrorCode.HDF5_OPEN_FOR_WRITING,
          ErrorCode.HDF5_OBJECT_MISSING,
          ErrorCode.HDF5_DAMAGED,
          ErrorCode.FILE_TRUNCATED,
          ErrorCode.VDS_SOURCE_MISSING);

  private static final Duration POLL = Duration.ofMillis(20);

  private LiveFiles() {}

  /**
   * Opens a file once it can be read and has all that is wanted, the targets of links among it.
   *
   * @param datasets paths of data sets that it must have
   * @param timeout how long to wait for it
   * @throws IOException if the file is not there after the timeout
   * @throws ArrayException what was wrong with it at last
   */
  public static Hdf5File open(Path path, List<String> datasets, Duration timeout)
      throws IOException {
    return open(path, datasets, timeout, POLL, Waiting.REAL);
  }

  static Hdf5File open(
      Path path, List<String> datasets, Duration timeout, Duration poll, Waiting waiting)
      throws IOException {
    long start = waiting.nanoTime();
    while (true) {
      try {
        return openNow(path, datasets);
      } catch (NoSuchFileException | ArrayException e) {
        if (!mayCome(e) || waiting.nanoTime() - start >= timeout.toNanos()) {
          throw e;
        }
      }
      try {
        waiting.pause(poll.toNanos());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("while waiting for " + path);
      }
    }
  }

  /** Whether a file that can't be opened for some reason may be there once its writer went on. */
  public static boolean mayCome(Exception problem) {
    return problem instanceof NoSuchFileException
        || (problem instanceof ArrayException mistake && PASSING.contains(mistake.code()));
  }

  /** A virtual data set as it is while its sources are still to come; others as they are. */
  static Dataset awaiting(Dataset dataset) {
    return dataset.isVirtual()
        ? dataset.with(VirtualAccess.DEFAULT.withMissing(VirtualAccess.Missing.AWAIT))
        : dataset;
  }

  private static Hdf5File openNow(Path path, List<String> datasets) throws IOException {
    Hdf5File file = Hdf5File.open(path);
    try {
      for (String name : datasets) {
        // That of a virtual data set may need its sources.
        file.dataset(name).shape();
      }
      return file;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Whether a file can be read and has all that is wanted, at the latest after the timeout; it is
   * closed again.
   */
  public static boolean checkFileReadable(Path path, List<String> datasets, Duration timeout) {
    try (Hdf5File file = open(path, datasets, timeout)) {
      return !file.name().isEmpty();
    } catch (IOException | ArrayException e) {
      return false;
    }
  }
}
