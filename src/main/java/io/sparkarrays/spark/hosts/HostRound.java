// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hosts;

import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.CollectionAccumulator;

/**
 * One Spark job that asks some hosts at the same time, on a thread of its own, so that the caller
 * never waits beyond its deadline. The thread inherits the caller's local properties: job group,
 * tags and pool stay those of the caller, who cancels this job with his own, and what is set for
 * this job alone ends with the thread.
 *
 * <p>Replies come through an accumulator, which the driver sees as each task ends: hosts that
 * answered count even if the job has to be cancelled because of another one. It is one of Spark's
 * own classes and holds bytes, because Spark unpacks it on a thread that may not know our jar.
 */
final class HostRound implements Runnable {

  private final String id = "spark-arrays-ask-" + UUID.randomUUID();
  private final SparkSession spark;
  private final HostTask<?> task;
  private final List<String> wanted;
  private final CollectionAccumulator<byte[]> replies;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean abandoned;
  private volatile Throwable failure;

  /**
   * @param wanted hosts to ask; none asks whichever host Spark starts an executor on
   */
  HostRound(SparkSession spark, HostTask<?> task, Set<String> wanted) {
    this.spark = spark;
    this.task = task;
    this.wanted = List.copyOf(wanted);
    this.replies = spark.sparkContext().collectionAccumulator();
  }

  /**
   * Asks and waits.
   *
   * @return the replies that came in time, from whichever hosts they came
   */
  List<HostReply> ask(long nanos) {
    Thread thread = new Thread(this, id);
    thread.setDaemon(true);
    ClassLoader ours = HostRound.class.getClassLoader();
    if (!sees(thread.getContextClassLoader())) {
      thread.setContextClassLoader(ours);
    }
    thread.start();
    List<byte[]> inTime;
    try {
      boolean all = ended.await(nanos, TimeUnit.NANOSECONDS);
      // Before the others are interrupted, which some of them would report as their failure.
      inTime = replies.value();
      if (!all) {
        abandon(thread);
      } else if (failure != null) {
        // The very exception: callers up the stack know a cancelled job or stream by its type.
        throw HostRound.<RuntimeException>same(failure);
      }
    } catch (InterruptedException e) {
      abandon(thread);
      throw interrupted(e);
    }
    return inTime.stream()
        .map(bytes -> HostReply.from(bytes, task.getClass().getClassLoader()))
        .sorted(Comparator.comparing(HostReply::host))
        .toList();
  }

  @Override
  public void run() {
    SparkContext context = spark.sparkContext();
    try {
      if (context.isLocal()) {
        replies.add(HostReply.of(task));
        return;
      }
      context.addJobTag(id);
      context.setInterruptOnCancel(true);
      context.setJobDescription(description());
      // No rows come.
      new HostQuestionTable(this).read(spark, Dataset::collectAsList);
    } catch (Throwable e) {
      failure = e;
    } finally {
      ended.countDown();
      if (abandoned && !context.isStopped()) {
        // The job may have been submitted after the caller gave up.
        context.cancelJobsWithTag(id);
      }
    }
  }

  private void abandon(Thread thread) {
    abandoned = true;
    SparkContext context = spark.sparkContext();
    if (!context.isStopped()) {
      context.cancelJobsWithTag(id);
    }
    thread.interrupt();
  }

  /** Whether the caller is still waiting. */
  boolean open() {
    return !abandoned;
  }

  String description() {
    return switch (wanted.size()) {
      case 0 -> "spark-arrays: ask the first host";
      case 1 -> "spark-arrays: ask 1 host";
      default -> "spark-arrays: ask " + wanted.size() + " hosts";
    };
  }

  List<String> wanted() {
    return wanted;
  }

  HostTask<?> task() {
    return task;
  }

  CollectionAccumulator<byte[]> replies() {
    return replies;
  }

  /** Keeps the thread's mark; a stream that is being stopped knows this for what it is. */
  static UncheckedIOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    InterruptedIOException cause = new InterruptedIOException("Interrupted while asking hosts");
    cause.initCause(e);
    return new UncheckedIOException(cause);
  }

  private static boolean sees(ClassLoader loader) {
    try {
      String name = HostRound.class.getName();
      return loader != null && Class.forName(name, false, loader) == HostRound.class;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  // The type parameter is what lets a checked exception pass undeclared.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E same(Throwable failure) throws E {
    throw (E) failure;
  }
}
