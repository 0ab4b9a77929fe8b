// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.ArrayException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.streaming.StreamingQueryListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the last epochs of a run of a streaming query in its result, shortly after the run ends.
 */
final class QueryEnd extends SparkListener {

  private static final Logger LOG = LoggerFactory.getLogger(QueryEnd.class);

  /** Spark's local property that holds the id of the run in the thread that runs it. */
  private static final String RUN = "spark.jobGroup.id";

  /** Runs whose end is awaited. A query that is restarted has the same id, and another run. */
  private static final Set<String> AWAITED = ConcurrentHashMap.newKeySet();

  private final SparkContext context;
  private final String run;
  private final ResultFiles files;
  private final Duration timeout;

  private QueryEnd(SparkContext context, String run, ResultFiles files, Duration timeout) {
    this.context = context;
    this.run = run;
    this.files = files;
    this.timeout = timeout;
  }

  /**
   * Awaits the end of the run whose thread calls.
   *
   * @return whether it was not yet awaited: the run has just begun, perhaps after a crash
   */
  static boolean await(SparkContext context, ResultFiles files, Duration timeout) {
    String run = context.getLocalProperty(RUN);
    boolean begins = AWAITED.add(run);
    if (begins) {
      context.addSparkListener(new QueryEnd(context, run, files, timeout));
    }
    return begins;
  }

  /** In a thread of its own, for Spark's calls all listeners; the JVM's end waits for it. */
  @Override
  public void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof StreamingQueryListener.QueryTerminatedEvent end
        && end.runId().toString().equals(run)) {
      Thread thread = new Thread(this::end, "spark-arrays-query-end");
      thread.setDaemon(false);
      thread.start();
    }
  }

  private void end() {
    show();
    context.removeSparkListener(this);
    AWAITED.remove(run);
  }

  /** Spark tells of no query's end any more, and waits for its listeners before it has stopped. */
  @Override
  public void onApplicationEnd(SparkListenerApplicationEnd end) {
    show();
    AWAITED.remove(run);
  }

  private void show() {
    try {
      if (Files.isDirectory(files.parts())) {
        CommitLock.during(files.parts(), timeout, () -> MasterRenewal.catchUp(files));
      }
    } catch (IOException | UncheckedIOException | ArrayException e) {
      LOG.warn(
          "{} does not show the last epochs of its query yet: run arrays compact on it",
          files.result(),
          e);
    }
  }
}
