// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The session that tests of the glue share: Spark in this process, with two threads. */
public final class LocalSpark {

  private LocalSpark() {}

  /** The session; a new one if another test has stopped it. */
  public static SparkSession session() {
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 3)
            .getOrCreate();
    SparkSession.setActiveSession(spark);
    return spark;
  }

  /**
   * Asserts that a call fails for one of our reasons, on the driver or in a task.
   *
   * @return the message that begins with the code
   */
  public static String assertRefused(ErrorCode code, ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);
    assertThat(thrown).as("refusal " + code).isNotNull();
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof ArrayException refusal && refusal.code() == code) {
        return refusal.getMessage();
      }
    }
    throw new AssertionError("no " + code + " among the causes", thrown);
  }

  /** An action that may throw anything. */
  @FunctionalInterface
  public interface Action {
    /** Does it. */
    void run() throws Exception;
  }

  /** Rows that each task wrote while an action ran, of tasks that wrote any. */
  public static List<Long> rowsWrittenByTask(Action action) throws Exception {
    List<Long> written = new ArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            long rows = end.taskMetrics().outputMetrics().recordsWritten();
            if (rows > 0) {
              synchronized (written) {
                written.add(rows);
              }
            }
          }
        };
    SparkSession spark = session();
    spark.sparkContext().addSparkListener(listener);
    try {
      action.run();
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } finally {
      spark.sparkContext().removeSparkListener(listener);
    }
    synchronized (written) {
      return List.copyOf(written);
    }
  }
}
