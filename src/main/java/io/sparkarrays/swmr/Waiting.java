// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import java.util.concurrent.TimeUnit;

/** The passing of time: the clock that a follower looks at, and how it waits. */
interface Waiting {

  /** The machine's time. */
  Waiting REAL =
      new Waiting() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void pause(long nanos) throws InterruptedException {
          TimeUnit.NANOSECONDS.sleep(nanos);
        }
      };

  /** As {@link System#nanoTime}. */
  long nanoTime();

  /** Waits. */
  void pause(long nanos) throws InterruptedException;
}
