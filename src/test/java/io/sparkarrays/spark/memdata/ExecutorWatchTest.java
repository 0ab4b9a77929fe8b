// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.memdata.DatasetSpec;
import io.sparkarrays.memdata.MemGroup;
import io.sparkarrays.spark.LocalSpark;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clusters that lose their executors are in the tests on three hosts. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ExecutorWatchTest {

  private static final Duration SHORT = Duration.ofMillis(50);

  private final SparkSession spark = LocalSpark.session();
  private final SparkContext context = spark.sparkContext();

  /** What a task that no executor takes looks like from here: it does not end. */
  static final class Endless {
    private static volatile CountDownLatch begun;
    private static volatile CountDownLatch end;

    private Endless() {}

    static void run(SparkSession spark) {
      ForeachPartitionFunction<Long> waits =
          rows -> {
            begun.countDown();
            assertThat(end.await(60, TimeUnit.SECONDS)).isTrue();
          };
      spark.range(0, 1, 1, 1).foreachPartition(waits);
    }
  }

  @BeforeEach
  void begin() {
    Endless.begun = new CountDownLatch(1);
    Endless.end = new CountDownLatch(1);
  }

  @AfterEach
  void end() {
    Endless.end.countDown();
  }

  private String assertCancelled(Duration patience, IntSupplier executors) {
    return assertRefused(
        ErrorCode.EXECUTORS_LOST,
        () ->
            ExecutorWatch.run(
                context,
                executors,
                patience,
                "/shared/vis.h5",
                () -> {
                  Endless.run(spark);
                  return null;
                }));
  }

  @Test
  void jobsAreCancelledWhenThereWasNoExecutorForTooLong() {
    String message = assertCancelled(SHORT, () -> 0);
    assertThat(message).contains("/shared/vis.h5", ExecutorWatch.TIMEOUT_KEY);
    Endless.end.countDown();
    assertThat(spark.range(7).count()).as("jobs that follow").isEqualTo(7);
  }

  @Test
  void aLookThatFailsDoesNotEndTheWatch() {
    AtomicBoolean failed = new AtomicBoolean();
    assertCancelled(
        SHORT,
        () -> {
          if (failed.compareAndSet(false, true)) {
            throw new IllegalStateException("no answer");
          }
          return 0;
        });
    assertThat(failed).isTrue();
  }

  @Test
  void itIsTheCauseAlsoIfExecutorsAreBackMeanwhile() {
    AtomicBoolean gone = new AtomicBoolean();
    assertCancelled(
        Duration.ZERO,
        () -> Endless.begun.getCount() == 0 && gone.compareAndSet(false, true) ? 0 : 1);
    assertThat(gone).isTrue();
  }

  @Test
  void aFailureAfterExecutorsCameBackIsItsOwn() {
    // Who puts a number knows that what was to be done about the one before is done.
    SynchronousQueue<Integer> looks = new SynchronousQueue<>();
    IntSupplier executors =
        () -> {
          try {
            Integer next = looks.poll(60, TimeUnit.SECONDS);
            return next == null ? 1 : next;
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    assertThatThrownBy(
            () ->
                ExecutorWatch.run(
                    context,
                    executors,
                    Duration.ZERO,
                    "x",
                    () -> {
                      for (int count : new int[] {0, 1, 1}) {
                        looks.put(count);
                      }
                      throw new IOException("disk full");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("disk full");
  }

  @Test
  void resultsAndFailuresOfOthersPassThrough() throws IOException {
    assertThat(ExecutorWatch.run(context, () -> 1, SHORT, "x", () -> spark.range(9).count()))
        .isEqualTo(9);
    assertThatThrownBy(
            () ->
                ExecutorWatch.run(
                    context,
                    () -> 1,
                    SHORT,
                    "x",
                    () -> {
                      throw new IOException("broken");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("broken");
  }

  @Test
  void theSettingMustBeATime() {
    spark.conf().set(ExecutorWatch.TIMEOUT_KEY, "soon");
    try {
      MemGroup root = SparkDistributor.group(spark);
      var x = root.createDataset("x", DatasetSpec.of(NdArray.of(1.0)).distributed(0));
      String message = assertRefused(ErrorCode.OPTION_INVALID, x::gather);
      assertThat(message).contains(ExecutorWatch.TIMEOUT_KEY, "soon");
    } finally {
      spark.conf().unset(ExecutorWatch.TIMEOUT_KEY);
    }
  }
}
