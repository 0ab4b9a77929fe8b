// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.metrics;

/**
 * Bytes and the time they took, in one number. Spark hands a metric nothing but its tasks' values,
 * and the rate of all tasks is that of their sums, not a mean of their rates. The upper half counts
 * KiB, the lower one units of 1,024 ns; both are halved until they fit, which keeps the rate.
 */
final class Throughput {

  private static final int TIME_BITS = 32;
  private static final long MAX_TIME = (1L << TIME_BITS) - 1;
  private static final long MAX_SIZE = Integer.MAX_VALUE;

  private Throughput() {}

  static long of(long bytes, long nanos) {
    return pack((bytes + 512) >> 10, (nanos + 512) >> 10);
  }

  private static long pack(long size, long time) {
    while (size > MAX_SIZE || time > MAX_TIME) {
      size >>= 1;
      time >>= 1;
    }
    return size << TIME_BITS | time;
  }

  /** Of two readers in one task. */
  static long plus(long one, long other) {
    return pack(size(one) + size(other), time(one) + time(other));
  }

  /** Bytes a second while a task reads, on average over all tasks; 0 if nothing was read. */
  static long bytesPerSecond(long... tasks) {
    double size = 0;
    double time = 0;
    for (long task : tasks) {
      size += size(task);
      time += time(task);
    }
    return time == 0 ? 0 : (long) (size * 1e9 / time);
  }

  private static long size(long packed) {
    return packed >> TIME_BITS;
  }

  private static long time(long packed) {
    return packed & MAX_TIME;
  }
}
