// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hosts;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Local mode: this process is the one host. {@link HostsClusterTest} has the rest. */
final class HostsLocalTest {

  private static SparkSession spark;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder().master("local[2]").config("spark.ui.enabled", "false").getOrCreate();
  }

  @Test
  void oneHostAnswers() {
    HostAnswers<Long> answers =
        Hosts.ask(spark, () -> ProcessHandle.current().pid(), Duration.ofSeconds(30));
    assertThat(answers.complete()).isTrue();
    assertThat(answers.answers())
        .containsOnlyKeys(Hosts.here())
        .containsValue(ProcessHandle.current().pid());
  }

  @Test
  void blockingTaskEndsAtTheDeadline() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    Blocking.interrupted = interrupted;
    HostAnswers<String> answers = Hosts.ask(spark, new Blocking(), Duration.ofMillis(200));
    assertThat(answers.silent()).containsExactly(Hosts.here());
    assertThatThrownBy(() -> answers.requireComplete("/data"))
        .isInstanceOfSatisfying(
            ArrayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.HOSTS_UNKNOWN))
        .hasMessageContaining("0.2 s");
    assertThat(interrupted.await(1, MINUTES)).isTrue();
  }

  @Test
  void failureNamesTheHost() {
    HostTask<String> fails =
        () -> {
          throw new IOException("no such device");
        };
    assertThatThrownBy(() -> Hosts.ask(spark, fails, Duration.ofSeconds(30)))
        .isInstanceOfSatisfying(
            ArrayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_FAILED))
        .hasMessageContainingAll(Hosts.here(), "no such device");
  }

  @Test
  void interruptedThreadAsksNothing() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> Hosts.ask(spark, () -> "asked", Duration.ofSeconds(30)))
          .isInstanceOf(UncheckedIOException.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void timeoutComesFromTheSession() {
    SparkSession session = spark.newSession();
    assertThat(Hosts.timeout(session)).isEqualTo(Duration.ofSeconds(30));
    session.conf().set(Hosts.TIMEOUT_KEY, "2min");
    assertThat(Hosts.timeout(session)).isEqualTo(Duration.ofMinutes(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "0s", "-5s", ""})
  void timeoutMustBeATime(String text) {
    SparkSession session = spark.newSession();
    session.conf().set(Hosts.TIMEOUT_KEY, text);
    assertThatThrownBy(() -> Hosts.timeout(session))
        .isInstanceOfSatisfying(
            ArrayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OPTION_INVALID))
        .hasMessageContaining(Hosts.TIMEOUT_KEY);
  }

  /** Blocks for ever, and tells when it is interrupted. */
  private static final class Blocking implements HostTask<String> {
    private static final long serialVersionUID = 1L;
    private static volatile CountDownLatch interrupted;

    @Override
    public String run() throws InterruptedException {
      try {
        new CountDownLatch(1).await();
        return "never";
      } catch (InterruptedException e) {
        interrupted.countDown();
        throw e;
      }
    }
  }
}
