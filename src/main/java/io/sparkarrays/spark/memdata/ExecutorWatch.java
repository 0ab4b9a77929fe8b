// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.hosts.Hosts;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches that there are executors while jobs run, and cancels the jobs when there was none for too
 * long. Spark itself would wait for ever.
 */
final class ExecutorWatch implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ExecutorWatch.class);

  /** Session setting for how long there may be no executor, such as {@code 30s}: {@value}. */
  static final String TIMEOUT_KEY = "spark.arrays.memdata.executorTimeout";

  private static final String DEFAULT_TIMEOUT = "5min";
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(1);

  /** What runs jobs, on the thread that it is called on. */
  @FunctionalInterface
  interface Jobs<T, E extends Exception> {
    /** Runs them. */
    T run() throws E;
  }

  private final String tag = "spark-arrays-watched-" + UUID.randomUUID();
  private final SparkContext context;
  private final IntSupplier executors;
  private final Duration patience;
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Whether there has been none for too long until now. */
  private volatile boolean lost;

  private ExecutorWatch(SparkContext context, IntSupplier executors, Duration patience) {
    this.context = context;
    this.executors = executors;
    this.patience = patience;
  }

  /**
   * Runs jobs of a session.
   *
   * @param where what they read or write, for the message
   * @throws ArrayException {@code EXECUTORS_LOST} when there was no executor for too long
   */
  static <T, E extends Exception> T run(SparkSession spark, Object where, Jobs<T, E> jobs)
      throws E {
    Duration patience = Hosts.duration(spark, TIMEOUT_KEY, DEFAULT_TIMEOUT);
    // This process is the executor in local mode.
    return spark.sparkContext().isLocal()
        ? jobs.run()
        : run(spark.sparkContext(), () -> Hosts.executors(spark), patience, where, jobs);
  }

  static <T, E extends Exception> T run(
      SparkContext context, IntSupplier executors, Duration patience, Object where, Jobs<T, E> jobs)
      throws E {
    ExecutorWatch watch = new ExecutorWatch(context, executors, patience);
    Thread thread = new Thread(watch, watch.tag);
    thread.setDaemon(true);
    context.addJobTag(watch.tag);
    thread.start();
    try {
      return jobs.run();
    } catch (Exception e) {
      if (watch.lost || watch.hasCancelled(e)) {
        throw watch.refusal(where, e);
      }
      throw e;
    } finally {
      watch.ended.countDown();
      if (!context.isStopped()) {
        context.removeJobTag(watch.tag);
      }
    }
  }

  @Override
  public void run() {
    long pause = Math.max(1, Math.min(LONGEST_PAUSE, patience.toNanos() / 4));
    long seen = System.nanoTime();
    try {
      while (!ended.await(pause, TimeUnit.NANOSECONDS) && !context.isStopped()) {
        try {
          if (executors.getAsInt() > 0) {
            seen = System.nanoTime();
            lost = false;
          } else if (System.nanoTime() - seen >= patience.toNanos()) {
            lost = true;
            // Each time: another job may have been submitted meanwhile.
            context.cancelJobsWithTag(tag);
          }
        } catch (RuntimeException e) {
          // The application is being stopped, or this look failed, and says nothing of executors.
          LOG.debug("Could not look for executors", e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Executors may be back when a job that was cancelled ends: Spark says which tag it had. */
  private boolean hasCancelled(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at.getMessage() != null && at.getMessage().contains(tag)) {
        return true;
      }
    }
    return false;
  }

  private ArrayException refusal(Object where, Exception cause) {
    return new ArrayException(
        ErrorCode.EXECUTORS_LOST,
        where,
        "no executor has been there for " + patience.toSeconds() + " s, so no task can run",
        "Bring workers back and do it again, or have it wait longer with spark.conf.set(\""
            + TIMEOUT_KEY
            + "\", \"30min\")",
        cause);
  }
}
