// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for what other threads and processes will bring about. */
final class Eventually {

  private static final Duration LIMIT = Duration.ofMinutes(3);

  private Eventually() {}

  /** Something that comes true in time. */
  interface Condition {
    boolean holds() throws Exception;
  }

  static void eventually(Condition condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    try {
      while (!condition.holds()) {
        assertThat(System.nanoTime()).as("came true in time").isLessThan(end);
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
