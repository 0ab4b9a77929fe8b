// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import io.sparkarrays.spark.options.ArrayOption;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.options.StreamOptions;
import io.sparkarrays.spark.options.StreamOptions.EndOn;
import io.sparkarrays.spark.source.ArrayFormat;
import io.sparkarrays.spark.source.FollowedFile;
import io.sparkarrays.spark.stream.LiveScans;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** Tells how far live scans are, until they end. Needs no cluster, and starts none. */
final class FollowCommand implements Command {

  private static final String OPTION = "option";
  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long POLL_MILLIS = 20;

  @Override
  public String name() {
    return "follow";
  }

  @Override
  public String arguments() {
    return "FILE [--option K=V ...]";
  }

  @Override
  public String summary() {
    return "tell how far a live scan is, until it ends";
  }

  @Override
  public String details() {
    return "FILE is an HDF5 file on this host that a writer is writing or is about to make, or a\n"
        + "glob of them. A line every two seconds tells frames, frames/s, what is late or"
        + " missing,\n"
        + "and what the writer does. It ends with the scan: when finishedDataset is set, all"
        + " frames\n"
        + "came that fit, or none came for timeout; option endOn tells otherwise (now: one"
        + " look).\n"
        + "Spark is not started.";
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(
            Arrays.option(
                OPTION,
                "K=V",
                "an option of streams: keys, datasets, finishedDataset, timeout ..."));
  }

  @Override
  public Job parse(CommandLine line) throws UsageException {
    String path = Arrays.arguments(line, "FILE").get(0);
    SortedMap<String, String> given =
        Pairs.of(line, OPTION, ArrayOption.Scope.READ, ArrayOption.Scope.STREAM);
    return session -> follow(path, given, session.out());
  }

  private static Status follow(String path, SortedMap<String, String> given, PrintStream out) {
    Map<String, String> options = options(path, given);
    ReadOptions read = ReadOptions.of(options);
    StreamOptions stream = StreamOptions.of(options);
    ArrayFormat format = Formats.followed();
    format.await(read, stream);
    try (LiveScans scans = new LiveScans(format.follow(read, stream), stream)) {
      return watch(scans, stream, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is missing is told and not waited for, unless the user waits. */
  private static Map<String, String> options(String path, SortedMap<String, String> given) {
    SortedMap<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.putAll(given);
    options.put(ArrayOption.PATH.optionName(), path);
    if (!options.containsKey(ArrayOption.GAPS.optionName())) {
      options.put(ArrayOption.GAPS.optionName(), "skip");
      options.putIfAbsent(ArrayOption.GAP_FRAMES.optionName(), "1");
    }
    boolean flagged = options.containsKey(ArrayOption.FINISHED_DATASET.optionName());
    options.putIfAbsent(ArrayOption.END_ON.optionName(), flagged ? "finished" : "complete");
    return options;
  }

  private static Status watch(LiveScans scans, StreamOptions stream, PrintStream out)
      throws IOException {
    Map<String, ScanReport> reports = new LinkedHashMap<>();
    long told = 0;
    while (true) {
      List<FollowedFile> files = scans.look();
      long now = System.nanoTime();
      for (FollowedFile file : files) {
        reports.computeIfAbsent(file.file(), name -> new ScanReport(file)).look(now);
      }
      boolean ended = scans.isEnded();
      if (ended || told == 0 || now - told >= EVERY_NANOS) {
        told = now;
        for (ScanReport report : reports.values()) {
          out.println(ended ? report.last(now, scans.idleNanos()) : report.line(now));
        }
        out.flush();
      }
      if (ended) {
        return status(reports, stream);
      }
      pause();
    }
  }

  private static Status status(Map<String, ScanReport> reports, StreamOptions stream) {
    if (stream.endOn() == EndOn.NOW) {
      return Status.OK;
    }
    if (reports.values().stream().anyMatch(ScanReport::lacksFrames)) {
      return Status.FAILED;
    }
    boolean known =
        stream.endOn() == EndOn.TIMEOUT || reports.values().stream().allMatch(ScanReport::isEnded);
    return known ? Status.OK : Status.UNKNOWN;
  }

  private static void pause() throws InterruptedIOException {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("while following a scan");
    }
  }
}
