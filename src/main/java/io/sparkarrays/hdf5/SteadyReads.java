// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.format.Metadata;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads of structures that a live writer may be changing: nothing comes from a cache, and what is
 * torn is read again from its beginning, for a bounded time. Threads share it.
 */
final class SteadyReads {

  private static final long FIRST_PAUSE = TimeUnit.MICROSECONDS.toNanos(100);
  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

  private final Metadata metadata;

  /**
   * How long was waited for torn structures since one was last mended: bounds all waits together.
   */
  private final AtomicLong waited = new AtomicLong();

  SteadyReads(Metadata metadata) {
    this.metadata = metadata;
  }

  /** Reads something of the file. */
  @FunctionalInterface
  interface Reading<T> {
    T read() throws IOException;
  }

  <T> T read(Reading<T> reading) throws IOException {
    long pause = 0;
    while (true) {
      metadata.refresh();
      try {
        T result = reading.read();
        if (pause > 0) {
          waited.set(0);
        }
        return result;
      } catch (ArrayException e) {
        boolean torn = e.code() == ErrorCode.HDF5_DAMAGED || e.code() == ErrorCode.FILE_TRUNCATED;
        if (!torn || waited.get() > PATIENCE) {
          throw e;
        }
      }
      pause = pause == 0 ? FIRST_PAUSE : Math.min(LONGEST_PAUSE, 2 * pause);
      long start = System.nanoTime();
      LockSupport.parkNanos(pause);
      waited.addAndGet(System.nanoTime() - start);
    }
  }
}
