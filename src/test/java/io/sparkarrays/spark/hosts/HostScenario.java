// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hosts;

import static io.sparkarrays.spark.hosts.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;

/**
 * What {@link Hosts} must hold on a cluster of three hosts with one slot each; run in the order
 * below by {@link HostScenarios}, in the driver's process.
 */
enum HostScenario {
  EVERY_HOST_ANSWERS_FROM_ITSELF {
    @Override
    void run(SparkSession spark, Path folder) {
      // The very first question: executors are still starting, one after the other.
      eventually(() -> ask(spark).answers().keySet().containsAll(HOSTS));
      HostAnswers<String> answers = ask(spark);
      assertThat(answers.complete()).isTrue();
      assertThat(answers.answers().keySet()).containsExactlyElementsOf(HOSTS);
      answers.answers().forEach((host, answer) -> assertThat(answer).isEqualTo(host));
      assertThat(answers.requireComplete("/data")).isSameAs(answers);
    }
  },
  BUSY_HOST_IS_SILENT_THEN_ASKED_AGAIN {
    @Override
    void run(SparkSession spark, Path folder) throws Exception {
      Path gate = folder.resolve("busy");
      Path started = folder.resolve("busy-started");
      String busy = HOSTS.get(1);
      CompletableFuture<HostAnswers<String>> holder =
          CompletableFuture.supplyAsync(
              () -> Hosts.ask(spark, new Held(busy, started, gate), Duration.ofMinutes(2)));
      eventually(() -> Files.exists(started));

      long begin = System.nanoTime();
      String runs = folder.toString();
      HostTask<String> task =
          () -> {
            Files.createTempFile(Path.of(runs), "ran-on-" + Hosts.here() + "-", "");
            return Hosts.here();
          };
      HostAnswers<String> answers = Hosts.ask(spark, task, Duration.ofSeconds(8));
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(12));
      assertThat(answers.complete()).isFalse();
      assertThat(answers.silent()).containsExactly(busy);
      assertThat(answers.answers().keySet()).containsExactly(HOSTS.get(0), HOSTS.get(2));
      assertThatThrownBy(() -> answers.requireComplete("/data/scan"))
          .isInstanceOfSatisfying(
              ArrayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.HOSTS_UNKNOWN))
          .hasMessageContainingAll("/data/scan", "8 s", busy, Hosts.TIMEOUT_KEY);

      // Where the busy host's question landed meanwhile, it was not run.
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files.filter(file -> file.getFileName().toString().startsWith("ran-on-")))
            .hasSize(2);
      }

      CompletableFuture<HostAnswers<String>> patient =
          CompletableFuture.supplyAsync(() -> ask(spark));
      assertThatThrownBy(() -> patient.get(1, TimeUnit.SECONDS))
          .isInstanceOf(TimeoutException.class);
      Files.createFile(gate);
      assertThat(patient.get(2, TimeUnit.MINUTES).answers().keySet())
          .containsExactlyElementsOf(HOSTS);
      assertThat(holder.get(2, TimeUnit.MINUTES).complete()).isTrue();
    }
  },
  TASKS_THAT_HANG_ARE_STOPPED_AT_THE_DEADLINE {
    @Override
    void run(SparkSession spark, Path folder) {
      HostTask<String> hangs =
          () -> {
            new CountDownLatch(1).await();
            return "never";
          };
      HostAnswers<String> answers = Hosts.ask(spark, hangs, Duration.ofSeconds(1));
      assertThat(answers.answers()).isEmpty();
      assertThat(answers.silent()).containsExactlyElementsOf(HOSTS);
      // All slots were given back.
      assertThat(ask(spark).complete()).isTrue();
    }
  },
  FAILURE_KEEPS_CODE_MESSAGE_AND_HOST {
    @Override
    void run(SparkSession spark, Path folder) {
      String bad = HOSTS.get(2);
      HostTask<String> fails =
          () -> {
            if (Hosts.here().equals(bad)) {
              throw new ArrayException(
                  ErrorCode.STRUCTURE_INVALID,
                  "/data/structure.json",
                  "no shape",
                  "Write it again");
            }
            return Hosts.here();
          };
      assertThatThrownBy(() -> Hosts.ask(spark, fails, LIMIT))
          .isInstanceOfSatisfying(
              ArrayException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STRUCTURE_INVALID))
          .hasMessage(
              "[STRUCTURE_INVALID] host "
                  + bad
                  + ": /data/structure.json: no shape. Write it again.");
      HostTask<String> breaks =
          () -> {
            throw new IllegalStateException("broken disk");
          };
      assertThatThrownBy(() -> Hosts.ask(spark, breaks, LIMIT))
          .isInstanceOfSatisfying(
              ArrayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_FAILED))
          .hasMessageContainingAll(HOSTS.get(0), "broken disk");
    }
  },
  PLANNING_OF_OTHER_QUERIES_MAY_ASK {
    @Override
    void run(SparkSession spark, Path folder) throws Exception {
      spark.conf().set("spark.sql.adaptive.enabled", "true");
      spark.conf().set("spark.sql.shuffle.partitions", "3");
      spark.read().format(AskingSource.class.getName()).load().createOrReplaceTempView("asked");
      String sql = "SELECT a.host FROM asked a JOIN asked b ON a.host = b.host ORDER BY 1";
      assertThat(hosts(spark, sql)).containsExactlyElementsOf(HOSTS);
      assertThat(hosts(spark, "SELECT max(host) FROM (" + sql + ")")).containsExactly(HOSTS.get(2));
      List<CompletableFuture<List<String>>> many =
          IntStream.range(0, 6)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> hosts(spark, sql)))
              .toList();
      for (CompletableFuture<List<String>> query : many) {
        assertThat(query.get(2, TimeUnit.MINUTES)).containsExactlyElementsOf(HOSTS);
      }
    }
  },
  STREAMS_MAY_ASK_AND_BE_STOPPED {
    @Override
    void run(SparkSession spark, Path folder) throws Exception {
      TreeSet<String> seen = new TreeSet<>();
      StreamingQuery query =
          spark
              .readStream()
              .format("rate")
              .load()
              .writeStream()
              .foreachBatch(
                  (VoidFunction2<Dataset<Row>, Long>)
                      (rows, batch) -> seen.addAll(ask(spark).answers().keySet()))
              .trigger(Trigger.ProcessingTime(0))
              .option("checkpointLocation", folder.resolve("checkpoint").toString())
              .start();
      eventually(() -> query.lastProgress() != null && query.lastProgress().batchId() > 1);
      query.stop();
      assertThat(query.exception().isEmpty()).isTrue();
      assertThat(seen).containsExactlyElementsOf(HOSTS);
    }
  },
  CANCELLED_GROUP_ENDS_THE_QUESTION {
    @Override
    void run(SparkSession spark, Path folder) throws Exception {
      Path gate = folder.resolve("cancelled");
      Path started = folder.resolve("cancelled-started");
      CompletableFuture<Throwable> question =
          CompletableFuture.supplyAsync(
              () -> {
                spark.sparkContext().setJobGroup("mine", "a user's group", true);
                return catchThrowable(
                    () ->
                        Hosts.ask(
                            spark, new Held(HOSTS.get(0), started, gate), Duration.ofMinutes(5)));
              },
              command -> new Thread(command).start());
      eventually(() -> Files.exists(started));
      spark.sparkContext().cancelJobGroup("mine");
      assertThat(question.get(2, TimeUnit.MINUTES)).hasMessageContaining("cancelled");
      assertThat(ask(spark).complete()).isTrue();
    }
  },
  INTERRUPTED_THREAD_STOPS_ASKING {
    @Override
    void run(SparkSession spark, Path folder) throws Exception {
      Path gate = folder.resolve("interrupted");
      Path started = folder.resolve("interrupted-started");
      CompletableFuture<Throwable> question = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () ->
                  question.complete(
                      catchThrowable(
                          () ->
                              Hosts.ask(
                                  spark,
                                  new Held(HOSTS.get(0), started, gate),
                                  Duration.ofMinutes(5)))));
      thread.start();
      eventually(() -> Files.exists(started));
      thread.interrupt();
      assertThat(question.get(2, TimeUnit.MINUTES))
          .isInstanceOf(UncheckedIOException.class)
          .hasRootCauseInstanceOf(InterruptedException.class);
      assertThat(ask(spark).complete()).isTrue();
    }
  },
  CALLERS_JOB_PROPERTIES_STAY {
    @Override
    void run(SparkSession spark, Path folder) {
      SparkContext context = spark.sparkContext();
      context.setJobGroup("group", "what the user does", false);
      context.addJobTag("users-tag");
      try {
        assertThat(ask(spark).complete()).isTrue();
        assertThat(context.getLocalProperty("spark.job.description"))
            .isEqualTo("what the user does");
        assertThat(context.getLocalProperty("spark.jobGroup.id")).isEqualTo("group");
        assertThat(context.getLocalProperty("spark.job.tags")).isEqualTo("users-tag");
        assertThat(context.getLocalProperty("spark.job.interruptOnCancel")).isEqualTo("false");
      } finally {
        context.clearJobTags();
        context.clearJobGroup();
      }
    }
  },
  SESSION_SETTINGS_DO_NOT_MATTER {
    @Override
    void run(SparkSession spark, Path folder) {
      SparkSession odd = spark.newSession();
      odd.conf().set("spark.sql.ansi.enabled", "true");
      odd.conf().set("spark.sql.caseSensitive", "true");
      odd.conf().set("spark.sql.codegen.wholeStage", "false");
      odd.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
      odd.conf().set("spark.sql.adaptive.enabled", "false");
      odd.conf().set("spark.sql.defaultCatalog", "nowhere");
      odd.conf().set("spark.sql.sources.default", "nothing");
      odd.conf().set("spark.sql.sources.useV1SourceList", "io.sparkarrays");
      odd.conf().set("spark.sql.leafNodeDefaultParallelism", "1");
      odd.conf().set("spark.sql.runSQLOnFiles", "false");
      assertThat(ask(odd).complete()).isTrue();
    }
  },
  HOSTS_THAT_SHARE_A_DISK_WRITE_ONE_DATA_SET {
    @Override
    void run(SparkSession spark, Path folder) throws Exception {
      SharedDiskScenario.run(spark, folder.resolve("shared/set"));
    }
  },
  KILLED_EXECUTOR_COMES_BACK {
    @Override
    void run(SparkSession spark, Path folder) {
      HostTask<Long> pid = () -> ProcessHandle.current().pid();
      String host = HOSTS.get(0);
      long before = Hosts.ask(spark, pid, LIMIT).answers().get(host);
      Optional<ProcessHandle> executor = ProcessHandle.of(before);
      assertThat(executor.orElseThrow().destroyForcibly()).isTrue();
      eventually(
          () -> {
            Long now = Hosts.ask(spark, pid, LIMIT).answers().get(host);
            return now != null && now != before;
          });
    }
  };

  static final List<String> HOSTS = LoopbackCluster.hosts(3);
  static final Duration LIMIT = Duration.ofMinutes(2);

  /** Checks one thing; throws if it does not hold. */
  abstract void run(SparkSession spark, Path folder) throws Exception;

  static HostAnswers<String> ask(SparkSession spark) {
    return Hosts.ask(spark, Hosts::here, LIMIT);
  }

  private static List<String> hosts(SparkSession spark, String sql) {
    return spark.sql(sql).collectAsList().stream().map(row -> row.getString(0)).toList();
  }
}
