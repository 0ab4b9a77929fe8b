// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hosts;

import java.time.Duration;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * Whether an application's executors have arrived. Spark runs the first job as soon as it has one
 * executor, and on a standalone cluster it does not know itself how many will come; asking then
 * would miss the hosts that are a second late, and take their partitions for missing. They have
 * arrived when as many are there as {@code spark.executor.instances} says, when no new host came
 * for a while, or when the application is old. Safe for use by several threads.
 */
final class HostArrivals {

  /** When no host came for so long, none is expected any more. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  /** Who asks so late after the start does not wait. */
  private static final Duration STARTING = Duration.ofSeconds(30);

  private static final Map<String, HostArrivals> APPLICATIONS = new ConcurrentHashMap<>();

  private SortedSet<String> last = new TreeSet<>();
  private long since = System.nanoTime();
  private boolean over;

  private HostArrivals() {}

  static HostArrivals of(SparkContext context) {
    return APPLICATIONS.computeIfAbsent(context.applicationId(), id -> new HostArrivals());
  }

  /**
   * Takes notice of who is there, and tells whether that is all.
   *
   * @param executors how many executors there are
   * @param hosts their hosts
   */
  synchronized boolean over(SparkContext context, int executors, SortedSet<String> hosts) {
    if (over) {
      return true;
    }
    long now = System.nanoTime();
    if (!hosts.equals(last)) {
      last = new TreeSet<>(hosts);
      since = now;
    }
    SparkConf conf = context.getConf();
    int expected =
        conf.getBoolean("spark.dynamicAllocation.enabled", false)
            ? 0
            : conf.getInt("spark.executor.instances", 0);
    over =
        context.isLocal()
            || System.currentTimeMillis() - context.startTime() > STARTING.toMillis()
            || (expected > 0 && executors >= expected)
            || (!hosts.isEmpty() && now - since >= QUIET.toNanos());
    return over;
  }
}
