// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.Partition;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.clusterdata.Tile;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.TempFolder;
import io.sparkarrays.spark.clusterdata.Mutation.Expected;
import io.sparkarrays.spark.clusterdata.Mutation.Moment;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.read.SeamReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand damaged copies of data sets that LiberTEM wrote: each is refused with a clear error or
 * read as it stands, without waiting and without memory for what a file only claims. The n-th
 * mutation is always the same, so that a failure can be looked at by its number.
 */
@EnabledOnOs(OS.LINUX)
final class MutatedDataSetsTest {

  private static final int MUTATIONS = 1000;

  /** Of the thousand, those that are read by a Spark job too. */
  private static final int EVERY_NTH_IN_SPARK = 20;

  private static final long SEED = 20_240_817;

  /** The files are of a few KiB and sidecars of at most 3 MiB, which are taken as text. */
  private static final long MOST_HEAP = 48L << 20;

  /** The default batch, and as much to read what has to be decoded. */
  private static final long MOST_OFF_HEAP = 24L << 20;

  private static final int MOST_FRAMES = 100;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir private static Path folder;

  /** What came of reading: frames or an error. */
  private record Outcome(Map<Long, byte[]> frames, Throwable error) {}

  @FunctionalInterface
  private interface Reading {
    Map<Long, byte[]> frames() throws Exception;
  }

  private static List<Path> references() throws Exception {
    Path all = Path.of(MutatedDataSetsTest.class.getResource("/clusterdataset").toURI());
    try (Stream<Path> folders = Files.list(all)) {
      return folders.filter(Files::isDirectory).sorted().map(dir -> dir.resolve("ds")).toList();
    }
  }

  @Test
  void eachIsRefusedOrReadAsItStands() throws Exception {
    List<Path> references = references();
    List<String> failures = new ArrayList<>();
    int[] refusedAndRead = new int[2];
    SparkSession spark = LocalSpark.session();
    for (int n = 0; n < MUTATIONS; n++) {
      try {
        mutate(n, references.get(n % references.size()), spark, refusedAndRead);
      } catch (AssertionError e) {
        failures.add(e.getMessage());
      }
    }
    assertThat(failures).isEmpty();
    // Both ways out are taken often, so neither is tested by its absence.
    assertThat(refusedAndRead[0]).isGreaterThan(MUTATIONS / 2);
    assertThat(refusedAndRead[1]).isGreaterThan(MUTATIONS / 10);
  }

  private static void mutate(int n, Path reference, SparkSession spark, int[] refusedAndRead)
      throws Exception {
    Path place = Files.createDirectory(folder.resolve("mutation-" + n));
    Path dataSet = place.resolve("ds");
    copy(reference, dataSet);
    Map<Long, byte[]> before = StoredTruth.read(dataSet);
    Mutation mutation = mutation(n, dataSet);
    String name = "mutation " + n + " of " + reference.getParent().getFileName() + ", " + mutation;
    if (mutation.moment() == Moment.BEFORE) {
      mutation.act().on(dataSet);
      Outcome direct = measured(name + ", Java", () -> direct(dataSet));
      judge(name + ", Java", mutation, dataSet, before, direct);
      measured(name + ", inventory", () -> inventory(dataSet));
      if (n % EVERY_NTH_IN_SPARK == 0) {
        judge(name + ", Spark", mutation, dataSet, before, run(name, () -> job(spark, dataSet)));
      }
    }
    for (String missing : List.of("skip", "fill")) {
      boolean late = mutation.moment() == Moment.PLANNED;
      if (late && missing.equals("fill")) {
        continue;
      }
      Outcome seam =
          measured(
              name + ", " + missing, () -> seam(spark, dataSet, missing, late ? mutation : null));
      if (missing.equals("skip")) {
        judge(name + ", seam", mutation, dataSet, before, seam);
        refusedAndRead[seam.error() == null ? 1 : 0]++;
      } else if (seam.error() != null) {
        assertClear(name + ", fill", dataSet, seam.error());
      } else {
        assertFilled(name, StoredTruth.read(dataSet), seam.frames());
      }
    }
    FileMutations.remove(place);
  }

  private static Mutation mutation(int n, Path dataSet) throws IOException {
    Random random = new Random(SEED + n);
    random.nextInt();
    Path sidecar = dataSet.resolve(ClusterDataSet.SIDECAR);
    PartitionStructure structure = PartitionStructure.read(sidecar);
    if (random.nextInt(5) < 3) {
      return new SidecarMutations(random, Files.readString(sidecar), structure).next();
    }
    List<String> partitions =
        Files.exists(dataSet.resolve("parts"))
            ? TempFolder.names(dataSet.resolve("parts"))
            : List.of();
    return new FileMutations(random, partitions).next();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  /** Through the Java API, tile by tile. */
  private static Map<Long, byte[]> direct(Path path) {
    ClusterDataSet dataSet = ClusterDataSet.open(path);
    dataSet.checkValid();
    assertThat(dataSet.diagnostics()).isNotEmpty();
    Map<Long, byte[]> frames = new TreeMap<>();
    int present = dataSet.listing().size();
    for (int i = 0; i < present; i++) {
      int index = dataSet.listing().index(i);
      if (index < dataSet.structure().partitions()) {
        for (Tile tile : dataSet.partition(index).tiles()) {
          put(frames, dataSet.partition(index), tile);
        }
      }
    }
    return frames;
  }

  private static void put(Map<Long, byte[]> frames, Partition partition, Tile tile) {
    PartitionStructure structure = partition.dataSet().structure();
    int bytes = (int) structure.frameBytes();
    int width = structure.dtype().type().componentSize();
    for (long frame = tile.from(); frame < tile.to(); frame++) {
      byte[] one = new byte[bytes];
      tile.data().get(one);
      for (int at = 0; structure.dtype().bigEndian() && at < bytes; at += width) {
        for (int low = at, high = at + width - 1; low < high; low++, high--) {
          byte kept = one[low];
          one[low] = one[high];
          one[high] = kept;
        }
      }
      frames.put(frame, one);
    }
  }

  private static Map<Long, byte[]> inventory(Path dataSet) throws IOException {
    HostInventory.take(dataSet);
    return Map.of();
  }

  /** Through source, planner and reader of the connector, which makes no Spark job of it. */
  private static Map<Long, byte[]> seam(
      SparkSession spark, Path dataSet, String missing, Mutation late) throws Exception {
    ReadOptions options =
        ReadOptions.of(Map.of("path", dataSet.toString(), "frames", "binary", "missing", missing));
    Inventory.forget(dataSet.toString());
    SeamReader reader = new SeamReader(new ClusterDataFormat().open(spark, options), options);
    if (late != null) {
      late.act().on(dataSet);
    }
    Map<Long, byte[]> frames = reader.read(MOST_FRAMES);
    assertThat(reader.peakBytes()).isLessThan(MOST_OFF_HEAP);
    return frames;
  }

  private static Map<Long, byte[]> job(SparkSession spark, Path dataSet) {
    Map<Long, byte[]> frames = new TreeMap<>();
    Inventory.forget(dataSet.toString());
    for (Row row :
        spark
            .read()
            .format("clusterdata")
            .option("frames", "binary")
            .option("missing", "skip")
            .load(dataSet.toString())
            .select("frame_index", "frame")
            .collectAsList()) {
      frames.put(row.getLong(0), row.getAs(1));
    }
    return frames;
  }

  /** Reads on a thread of its own, so that one that waits for ever is found out. */
  private static Outcome run(String name, Reading reading) throws InterruptedException {
    FutureTask<Map<Long, byte[]>> task = new FutureTask<>(reading::frames);
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    try {
      return new Outcome(task.get(60, TimeUnit.SECONDS), null);
    } catch (ExecutionException e) {
      return new Outcome(null, e.getCause());
    } catch (TimeoutException e) {
      return fail(name + " waits for ever:\n" + Arrays.toString(thread.getStackTrace()), e);
    }
  }

  /** As {@link #run}, and holds the thread's memory and processor time in bounds. */
  private static Outcome measured(String name, Reading reading) throws InterruptedException {
    long[] used = new long[2];
    Outcome outcome =
        run(
            name,
            () -> {
              long thread = Thread.currentThread().getId();
              long allocated = THREADS.getThreadAllocatedBytes(thread);
              long time = THREADS.getCurrentThreadCpuTime();
              try {
                return reading.frames();
              } finally {
                used[0] = THREADS.getThreadAllocatedBytes(thread) - allocated;
                used[1] = THREADS.getCurrentThreadCpuTime() - time;
              }
            });
    assertThat(used[0]).as(name + ": bytes allocated").isLessThan(MOST_HEAP);
    // Of the processor: what else the machine does must not matter.
    assertThat(used[1]).as(name + ": ns of work").isLessThan(TimeUnit.SECONDS.toNanos(1));
    return outcome;
  }

  private static void judge(
      String name, Mutation mutation, Path dataSet, Map<Long, byte[]> before, Outcome outcome)
      throws IOException {
    if (outcome.error() != null) {
      assertClear(name, dataSet, outcome.error());
      assertThat(mutation.expected()).as(name + ": " + outcome.error()).isNotEqualTo(Expected.SAME);
      return;
    }
    assertThat(mutation.expected()).as(name + " was read").isNotEqualTo(Expected.REFUSED);
    Map<Long, byte[]> truth =
        mutation.expected() == Expected.SAME ? before : StoredTruth.read(dataSet);
    assertThat(outcome.frames().keySet()).as(name).isEqualTo(truth.keySet());
    truth.forEach(
        (frame, bytes) ->
            assertThat(outcome.frames().get(frame)).as(name + ", frame " + frame).isEqualTo(bytes));
  }

  private static void assertFilled(String name, Map<Long, byte[]> truth, Map<Long, byte[]> frames) {
    frames.forEach(
        (frame, bytes) ->
            assertThat(bytes)
                .as(name + ", filled frame " + frame)
                .isEqualTo(truth.getOrDefault(frame, new byte[bytes.length])));
  }

  /** A stable name, the path, and a text that fits a screen. */
  private static void assertClear(String name, Path dataSet, Throwable error) {
    Throwable cause = error;
    while (cause != null && !(cause instanceof ArrayException)) {
      cause = cause.getCause();
    }
    if (cause == null) {
      fail(name + ": no clear error, but " + error, error);
    }
    assertThat(cause.getMessage())
        .as(name)
        .startsWith("[" + ((ArrayException) cause).code() + "] ")
        .contains(dataSet.getParent().toString())
        .hasSizeLessThan(1500);
  }
}
