// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hosts;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.Serializable;
import java.time.Duration;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.BlockManagerId;

/**
 * Asks each host of the cluster one question. A host is a name under which Spark's scheduler knows
 * executors, the same that {@code preferredLocations} wants; in local mode it is this process.
 *
 * <p>Only hosts with an executor can be asked. If there is none yet the question starts the first.
 * In the first seconds of an application executors still arrive, one host after the other: the
 * first question waits until that has calmed down ({@link HostArrivals}). Hosts whose idle
 * executors dynamic allocation gave back are not known and can't be told from hosts that do not
 * exist: keep them with {@code spark.dynamicAllocation.minExecutors}.
 *
 * <p>Asking is safe from several threads, inside the planning of a query and inside a stream. It
 * ends at its deadline, also when all slots are taken or a task hangs.
 */
public final class Hosts {

  /** Session setting for how long hosts have to answer, such as {@code 30s}: {@value}. */
  public static final String TIMEOUT_KEY = "spark.datasource.arrays.hostsTimeout";

  private static final String DEFAULT_TIMEOUT = "30s";
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(500);

  private Hosts() {}

  /**
   * How long hosts have to answer in a session.
   *
   * @throws ArrayException {@code OPTION_INVALID} if {@link #TIMEOUT_KEY} is not a time above zero
   */
  public static Duration timeout(SparkSession spark) {
    return duration(spark, TIMEOUT_KEY, DEFAULT_TIMEOUT);
  }

  /**
   * A time that a session's setting says.
   *
   * @param otherwise if it is not set
   * @throws ArrayException {@code OPTION_INVALID} if it is not a time above zero
   */
  public static Duration duration(SparkSession spark, String key, String otherwise) {
    String text = spark.conf().get(key, otherwise);
    try {
      long millis = JavaUtils.timeStringAsMs(text);
      if (millis > 0) {
        return Duration.ofMillis(millis);
      }
    } catch (NumberFormatException e) {
      throw badTimeout(key, text, e);
    }
    throw badTimeout(key, text, null);
  }

  /**
   * Asks every host, and again those that did not answer, until all did or the deadline passed.
   * Spark may place a task on another host than it was meant for, so hosts are told apart by their
   * own word.
   *
   * @param task runs on any one executor of each host, seldom twice
   * @param deadline the longest time to wait
   * @throws ArrayException with the task's own code if it failed on a host, which is named
   * @throws java.io.UncheckedIOException if the thread is interrupted
   */
  public static <T extends Serializable> HostAnswers<T> ask(
      SparkSession spark, HostTask<T> task, Duration deadline) {
    SparkContext context = spark.sparkContext();
    long end = System.nanoTime() + deadline.toNanos();
    long pause = FIRST_PAUSE;
    SortedMap<String, T> answers = new TreeMap<>();
    while (true) {
      SortedSet<String> unanswered = new TreeSet<>();
      int executors = executors(context, unanswered);
      boolean started = HostArrivals.of(context).over(context, executors, unanswered);
      unanswered.removeAll(answers.keySet());
      boolean ask = answers.isEmpty() || !unanswered.isEmpty();
      long left = end - System.nanoTime();
      if (left <= 0 || (!ask && started)) {
        return new HostAnswers<>(answers, unanswered, deadline);
      }
      int before = answers.size();
      if (ask) {
        collect(new HostRound(spark, task, unanswered), left, answers);
      }
      if (answers.size() == before) {
        // All slots of a host are taken, or more hosts may come.
        pause(Math.min(pause, end - System.nanoTime()));
        pause = Math.min(2 * pause, LONGEST_PAUSE);
      }
    }
  }

  @SuppressWarnings("unchecked") // The reply was made by a HostTask<T>.
  private static <T extends Serializable> void collect(
      HostRound round, long nanos, SortedMap<String, T> answers) {
    ArrayException failure = null;
    for (HostReply reply : round.ask(nanos)) {
      if (reply.failure() == null) {
        answers.putIfAbsent(reply.host(), (T) reply.value());
      } else if (failure == null) {
        failure = reply.toException();
      } else {
        failure.addSuppressed(reply.toException());
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** The name under which Spark's scheduler knows this process's host. */
  public static String here() {
    return env().blockManager().blockManagerId().host();
  }

  /** How many executors there are now; in local mode this process is one. */
  public static int executors(SparkSession spark) {
    return executors(spark.sparkContext(), new TreeSet<>());
  }

  private static SparkEnv env() {
    SparkEnv env = SparkEnv.get();
    if (env == null) {
      throw new IllegalStateException("The SparkContext was stopped");
    }
    return env;
  }

  /**
   * The executors there are now; the driver is one only in local mode.
   *
   * @param hosts gets the names of their hosts
   * @return how many there are
   */
  private static int executors(SparkContext context, SortedSet<String> hosts) {
    BlockManagerId driver = env().blockManager().blockManagerId();
    int executors = 0;
    for (SparkExecutorInfo info : context.statusTracker().getExecutorInfos()) {
      boolean isDriver = info.port() == driver.port() && info.host().equals(driver.host());
      if (context.isLocal() || !isDriver) {
        hosts.add(info.host());
        executors++;
      }
    }
    return executors;
  }

  private static void pause(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      throw HostRound.interrupted(e);
    }
  }

  private static ArrayException badTimeout(String key, String text, Exception cause) {
    return new ArrayException(
        ErrorCode.OPTION_INVALID,
        key,
        "\"" + text + "\" is not a time above zero",
        "Write a number and a unit, such as 30s or 2min",
        cause);
  }
}
