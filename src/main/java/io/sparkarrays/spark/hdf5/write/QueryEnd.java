// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.ArrayException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.streaming.StreamingQueryListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows the last epochs of a streaming query in its result when the query ends. */
final class QueryEnd extends SparkListener {

  private static final Logger LOG = LoggerFactory.getLogger(QueryEnd.class);

  /** Applications and queries whose end is awaited. */
  private static final Set<String> AWAITED = ConcurrentHashMap.newKeySet();

  private final SparkContext context;
  private final String query;
  private final ResultFiles files;
  private final Duration timeout;

  private QueryEnd(SparkContext context, String query, ResultFiles files, Duration timeout) {
    this.context = context;
    this.query = query;
    this.files = files;
    this.timeout = timeout;
  }

  /**
   * Awaits the end of a query.
   *
   * @return whether it was not yet awaited: the query has just begun, perhaps after a crash
   */
  static boolean await(SparkContext context, String query, ResultFiles files, Duration timeout) {
    boolean begins = AWAITED.add(key(context, query));
    if (begins) {
      context.addSparkListener(new QueryEnd(context, query, files, timeout));
    }
    return begins;
  }

  private static String key(SparkContext context, String query) {
    return context.applicationId() + " " + query;
  }

  @Override
  public void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof StreamingQueryListener.QueryTerminatedEvent end
        && end.id().toString().equals(query)) {
      context.removeSparkListener(this);
      AWAITED.remove(key(context, query));
      try {
        if (Files.isDirectory(files.parts())) {
          CommitLock.during(files.parts(), timeout, () -> MasterRenewal.catchUp(files));
        }
      } catch (IOException | ArrayException e) {
        LOG.warn(
            "{} does not show the last epochs of its query yet: run arrays compact on it",
            files.result(),
            e);
      }
    }
  }
}
