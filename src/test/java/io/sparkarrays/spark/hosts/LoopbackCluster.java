// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hosts;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A standalone cluster of real processes whose workers are bound to 127.0.0.2, 127.0.0.3, …: to
 * Spark these are different hosts, so placement by host can be tested without any privilege. They
 * share one file system. Classes come from the class path of the running test.
 */
final class LoopbackCluster implements AutoCloseable {

  private static final Pattern MASTER = Pattern.compile("spark://127\\.0\\.0\\.1:\\d+");
  private static final Pattern REGISTERED = Pattern.compile("Successfully registered with master");
  private static final Duration START = Duration.ofMinutes(2);

  /** These processes end before code that is compiled best would pay. */
  private static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final Path logs;
  private final List<Process> processes = new ArrayList<>();
  private final String master;

  /** Starts a master and workers of one core each, and waits until all are registered. */
  LoopbackCluster(int workers, Path logs) throws IOException, InterruptedException {
    this.logs = logs;
    try {
      start("127.0.0.1", "master", "org.apache.spark.deploy.master.Master", "--port", "0");
      master = await("master", MASTER);
      for (String host : hosts(workers)) {
        start(
            host,
            host,
            "org.apache.spark.deploy.worker.Worker",
            "--cores",
            "1",
            "--memory",
            "600m",
            "--work-dir",
            logs.resolve("work-" + host).toString(),
            master);
      }
      for (String host : hosts(workers)) {
        await(host, REGISTERED);
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The names of the first hosts. */
  static List<String> hosts(int workers) {
    return Stream.iterate(2, n -> n + 1).limit(workers).map(n -> "127.0.0." + n).toList();
  }

  /**
   * Runs a main class as a Spark driver of this cluster.
   *
   * @param settings Spark's, as key=value
   * @return what it printed on standard output; its log is {@code driver.log}
   */
  String drive(Class<?> main, Duration limit, List<String> settings, String... args)
      throws IOException, InterruptedException {
    List<String> command = java(Stream.concat(opens(), Stream.of("-Xmx600m")).toList());
    command.add("-Dspark.master=" + master);
    command.add("-Dspark.driver.host=127.0.0.1");
    command.add("-Dspark.driver.bindAddress=127.0.0.1");
    command.add("-Dspark.executor.memory=500m");
    command.add("-Dspark.executor.extraClassPath=" + System.getProperty("java.class.path"));
    command.add("-Dspark.executor.extraJavaOptions=" + String.join(" ", SHORT_LIVED));
    command.add("-Dspark.ui.enabled=false");
    settings.forEach(setting -> command.add("-D" + setting));
    command.add(main.getName());
    command.addAll(List.of(args));
    Path output = logs.resolve("driver.out");
    Process driver =
        builder(command, "127.0.0.1", "driver").redirectOutput(output.toFile()).start();
    processes.add(driver);
    if (!driver.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException(
          main
              + " did not end in "
              + limit
              + ":\n"
              + Files.readString(output)
              + end(log("driver")));
    }
    if (driver.exitValue() != 0) {
      throw new IllegalStateException(main + " failed:\n" + end(log("driver")));
    }
    return Files.readString(output);
  }

  private void start(String host, String name, String main, String... args) throws IOException {
    List<String> command = java(List.of("-Xmx256m"));
    command.addAll(List.of(main, "--host", host));
    command.addAll(List.of(args));
    processes.add(builder(command, host, name).start());
  }

  private ProcessBuilder builder(List<String> command, String host, String name) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_LOCAL_IP", host);
    // Lets the worker build an executor's command without an installed Spark.
    builder.environment().put("SPARK_TESTING", "1");
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_HOME", logs.toString());
    File log = logs.resolve(name + ".log").toFile();
    return builder.redirectError(log).redirectOutput(ProcessBuilder.Redirect.DISCARD);
  }

  private static List<String> java(List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(SHORT_LIVED);
    // Waiting for a start reads the log, so it must tell.
    command.add("-Dspark.log.structuredLogging.enabled=false");
    command.add("-Dlog4j2.configurationFile=log4j2-cluster.properties");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    return command;
  }

  private static Stream<String> opens() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"));
  }

  private String await(String name, Pattern line) throws IOException, InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < end) {
      Matcher matcher = line.matcher(log(name));
      if (matcher.find()) {
        return matcher.group();
      }
      if (!processes.get(processes.size() - 1).isAlive()) {
        break;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new IllegalStateException(name + " did not start:\n" + log(name));
  }

  private String log(String name) throws IOException {
    Path log = logs.resolve(name + ".log");
    return Files.exists(log) ? Files.readString(log) : "";
  }

  private static String end(String log) {
    return log.substring(Math.max(0, log.length() - 10_000));
  }

  @Override
  public void close() {
    for (Process process : processes) {
      List<ProcessHandle> children = process.descendants().toList();
      process.destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
    }
    processes.forEach(process -> process.onExit().join());
  }
}
