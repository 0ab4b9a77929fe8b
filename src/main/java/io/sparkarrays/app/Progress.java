// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import java.io.PrintStream;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * A line every few seconds that tells how far the Spark jobs of this thread are, and one at the
 * end. Other jobs, such as the questions to the hosts, are not counted.
 */
final class Progress extends SparkListener {

  private static final long SECONDS = 2;
  private static final String DESCRIPTION = "spark.job.description";

  private final SparkContext context;
  private final PrintStream err;
  private final String title;
  private final LongSupplier bytes;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "spark-arrays-progress");
            thread.setDaemon(true);
            return thread;
          });
  private final long since = System.nanoTime();
  private final Set<Integer> stages = new HashSet<>();
  private int tasks;
  private int done;
  private long written;

  private Progress(SparkContext context, PrintStream err, String title, LongSupplier bytes) {
    this.context = context;
    this.err = err;
    this.title = title;
    this.bytes = bytes;
  }

  /**
   * Tells how far some work is, from its begin to its end.
   *
   * @param title what each line and the jobs of this thread begin with
   * @param bytes how many bytes were worked on, beside those that tasks have written
   */
  static void during(Session session, String title, LongSupplier bytes, Runnable work) {
    SparkContext context = session.spark().sparkContext();
    Progress progress = new Progress(context, session.err(), title, bytes);
    context.setJobDescription(progress.description());
    context.addSparkListener(progress);
    Future<?> lines =
        progress.clock.scheduleAtFixedRate(progress::print, SECONDS, SECONDS, TimeUnit.SECONDS);
    try {
      work.run();
    } finally {
      lines.cancel(false);
      progress.end();
    }
  }

  private String description() {
    return "spark-arrays " + title;
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted event) {
    Properties properties = event.properties();
    if (properties != null && description().equals(properties.getProperty(DESCRIPTION))) {
      // A stage that is tried again runs some of its tasks once more.
      stages.add(event.stageInfo().stageId());
      tasks += event.stageInfo().numTasks();
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
    if (stages.contains(event.stageId()) && event.taskInfo().successful()) {
      done++;
      written += event.taskMetrics().outputMetrics().bytesWritten();
    }
  }

  private synchronized void print() {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
    err.println(
        title
            + ": "
            + done
            + " of "
            + tasks
            + " tasks, "
            + Texts.size(written + bytes.getAsLong())
            + ", "
            + seconds
            + " s");
    err.flush();
  }

  /** Tells once more. */
  private void end() {
    clock.shutdownNow();
    context.removeSparkListener(this);
    context.setJobDescription(null);
    print();
  }
}
