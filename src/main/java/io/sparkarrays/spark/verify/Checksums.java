// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.verify;

import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/**
 * Reads copies of files on the hosts that have them, a task a file, small ones together. Spark may
 * place a task on another host, when the wanted one is busy for long or lost: what was not read is
 * asked for again, as long as something is.
 */
final class Checksums {

  /** Files of one host share a task up to this. */
  private static final long TASK_BYTES = 64L << 20;

  private static final long PAUSE_MILLIS = 200;

  private Checksums() {}

  /**
   * Reads.
   *
   * @param patience how long to go on while nothing more gets read
   * @param read counts bytes as tasks end
   * @return what was read; a copy that its host never got to is not in it
   */
  static Map<FileCopy, Checksum> of(
      SparkSession spark,
      String root,
      List<FileCopy> copies,
      Duration patience,
      LongAccumulator read) {
    Map<FileCopy, Checksum> done = new HashMap<>();
    Set<FileCopy> left = new LinkedHashSet<>(copies);
    long progress = System.nanoTime();
    while (!left.isEmpty()) {
      Map<FileCopy, Checksum> round = round(spark, root, left, read);
      done.putAll(round);
      left.removeAll(round.keySet());
      if (!round.isEmpty()) {
        progress = System.nanoTime();
      } else if (System.nanoTime() - progress > patience.toNanos()) {
        break;
      } else {
        pause();
      }
    }
    return done;
  }

  private static Map<FileCopy, Checksum> round(
      SparkSession spark, String root, Set<FileCopy> copies, LongAccumulator read) {
    Map<List<String>, FileCopy> byKey = new HashMap<>();
    copies.forEach(copy -> byKey.put(List.of(copy.host(), copy.name()), copy));
    Map<FileCopy, Checksum> found = new LinkedHashMap<>();
    ChecksumTable table = new ChecksumTable(root, tasks(copies), read);
    for (Row row : table.read(spark, Dataset::collectAsList)) {
      found.put(
          byKey.get(List.of(row.getString(0), row.getString(1))),
          new Checksum(row.getString(2), row.getString(3)));
    }
    return found;
  }

  private static List<List<FileCopy>> tasks(Set<FileCopy> copies) {
    Map<String, List<List<FileCopy>>> byHost = new TreeMap<>();
    Map<String, Long> filled = new HashMap<>();
    for (FileCopy copy : copies) {
      List<List<FileCopy>> own = byHost.computeIfAbsent(copy.host(), h -> new ArrayList<>());
      long bytes = filled.getOrDefault(copy.host(), TASK_BYTES) + copy.bytes();
      if (own.isEmpty() || bytes > TASK_BYTES) {
        own.add(new ArrayList<>());
        bytes = copy.bytes();
      }
      own.get(own.size() - 1).add(copy);
      filled.put(copy.host(), bytes);
    }
    List<List<FileCopy>> tasks = new ArrayList<>();
    byHost.values().forEach(tasks::addAll);
    return tasks;
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException cause = new InterruptedIOException("Interrupted while verifying");
      cause.initCause(e);
      throw new UncheckedIOException(cause);
    }
  }
}
