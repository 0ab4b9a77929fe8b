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
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.SparkSession;
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
    private static volatile CountDownLatch end = new CountDownLatch(1);

    private Endless() {}

    static void run(SparkSession spark) {
      ForeachPartitionFunction<Long> waits =
          rows -> assertThat(end.await(60, TimeUnit.SECONDS)).isTrue();
      spark.range(0, 1, 1, 1).foreachPartition(waits);
    }
  }

  @Test
  void jobsAreCancelledWhenThereWasNoExecutorForTooLong() {
    try {
      String message =
          assertRefused(
              ErrorCode.EXECUTORS_LOST,
              () ->
                  ExecutorWatch.run(
                      context,
                      () -> 0,
                      SHORT,
                      "/shared/vis.h5",
                      () -> {
                        Endless.run(spark);
                        return null;
                      }));
      assertThat(message).contains("/shared/vis.h5", ExecutorWatch.TIMEOUT_KEY);
    } finally {
      Endless.end.countDown();
    }
    assertThat(spark.range(7).count()).as("jobs that follow").isEqualTo(7);
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
