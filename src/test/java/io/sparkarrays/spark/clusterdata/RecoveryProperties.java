// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static io.sparkarrays.spark.write.SavedFrames.assertHolds;
import static io.sparkarrays.spark.write.SavedFrames.expected;
import static io.sparkarrays.spark.write.SavedFrames.onDisk;
import static io.sparkarrays.spark.write.SavedFrames.rows;
import static io.sparkarrays.spark.write.SavedFrames.writer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.CommitRecord;
import io.sparkarrays.clusterdata.Leftover;
import io.sparkarrays.clusterdata.Partition;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.clusterdata.PartitionWriter;
import io.sparkarrays.clusterdata.Staging;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.TempFolder;
import io.sparkarrays.spark.hosts.Hosts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A write that stopped after any of its steps, and the write that comes after it: the data set is
 * the old or the new one as a whole, and nothing hidden is left beside it.
 */
class RecoveryProperties {

  private static final int OLD = 0;
  private static final int NEW = 5000;
  private static final int NEXT = 9000;

  private static final PartitionStructure STRUCTURE =
      PartitionStructure.even(Shape.of(3, 4), Shape.of(3), Dtype.parse("int32"), 4);

  private static void fill(Partition partition, int base) {
    ByteBuffer frames = ByteBuffer.allocate((int) partition.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (long frame = partition.from(); frame < partition.to(); frame++) {
      for (int i = 0; i < 3; i++) {
        frames.putInt((int) (base + 10 * frame + i));
      }
    }
    try (PartitionWriter handle = partition.write()) {
      handle.writeNext(frames.flip());
      handle.commit();
    }
  }

  private static List<Integer> some(Random random, int least) {
    List<Integer> all = new ArrayList<>(IntStream.range(0, 4).boxed().toList());
    java.util.Collections.shuffle(all, random);
    return all.subList(0, least + random.nextInt(5 - least));
  }

  /** A write of partitions 0 to 3, and how far it came. */
  private static final class Interrupted {
    final Path path;
    final boolean standing;
    final boolean swap;
    final List<Integer> old;
    final List<Integer> fresh;
    final Staging staging;
    final CommitRecord record;
    boolean decided;

    Interrupted(Random random, Path path) throws IOException {
      this.path = path;
      String host = Hosts.here();
      standing = random.nextInt(4) > 0;
      swap = !standing || random.nextBoolean();
      old = standing ? some(random, 0) : List.of();
      fresh = some(random, 1);
      if (standing) {
        ClusterDataSet before = ClusterDataSet.create(path, STRUCTURE);
        old.forEach(i -> fill(before.partition(i), OLD));
      }
      staging = Staging.of(path, "job-" + random.nextInt(100));
      record = new CommitRecord(swap, new TreeMap<>(java.util.Map.of(host, fresh)));
    }

    private Path sibling(String kind) throws IOException {
      return TempFolder.names(path.getParent()).stream()
          .filter(name -> name.endsWith(".staging"))
          .map(name -> path.resolveSibling(name.replace("staging", kind)))
          .findFirst()
          .orElseThrow();
    }

    /** Does the first steps only. */
    void run(int steps, Random random) throws IOException {
      ClusterDataSet staged = staging.stage(STRUCTURE, Hosts.here());
      if (steps == 0) {
        return;
      }
      int written = steps == 1 ? random.nextInt(fresh.size()) : fresh.size();
      fresh.subList(0, written).forEach(i -> fill(staged.partition(i), NEW));
      if (steps <= 2) {
        Files.write(staged.path().resolve("parts/.tmp-partition-00000003-x"), new byte[5]);
        return;
      }
      if (steps == 3) {
        Files.writeString(sibling("tmp"), "{\"version\":1,\"sw");
        return;
      }
      staging.prepare(record, record.partitions().firstKey(), STRUCTURE);
      if (steps == 4) {
        return;
      }
      decided = true;
      if (steps == 5) {
        // Publishing stops right after what decides it.
        if (swap && standing) {
          Files.move(path, sibling("old"));
        } else {
          Files.createDirectory(sibling("old"));
        }
        return;
      }
      if (steps == 6 && !swap) {
        Files.createDirectory(sibling("old"));
        // And here with some partitions moved.
        for (int i : fresh.subList(0, random.nextInt(fresh.size()))) {
          Path target = path.resolve("parts/" + STRUCTURE.fileName(i));
          Files.deleteIfExists(target);
          Files.move(staged.partition(i).path(), target);
        }
        return;
      }
      staging.publish(record, record.partitions().firstKey(), false);
      if (steps == 8) {
        Files.delete(path.resolveSibling("." + path.getFileName() + "." + job() + ".commit"));
      } else if (steps == 9) {
        staging.finish();
      }
    }

    private String job() throws IOException {
      return Leftover.beside(path).get(0).job();
    }

    /** All frames by the rule: new as soon as publishing began. */
    List<List<Integer>> frames() {
      List<List<Integer>> before = expected(12, OLD, f -> old.contains((int) f / 3));
      List<List<Integer>> after = expected(12, NEW, f -> fresh.contains((int) f / 3));
      if (!decided) {
        return before;
      }
      for (int frame = 0; frame < 12 && !swap; frame++) {
        if (after.get(frame) == null) {
          after.set(frame, before.get(frame));
        }
      }
      return after;
    }
  }

  @Property(tries = 60)
  void theNextWriteFinishesOrUndoes(@ForAll Random random) throws IOException {
    LocalSpark.session();
    try (TempFolder folder = TempFolder.create()) {
      Interrupted write = new Interrupted(random, folder.path().resolve("scan"));
      int steps = random.nextInt(10);
      write.run(steps, random);
      // Another data set's leftovers, whose name begins alike, are not ours to touch.
      Path neighbour = folder.path().resolve(".scan.backup.job.staging");
      Files.createDirectory(neighbour);

      writer(rows(6, 9, NEXT), "overwrite")
          .option("overwriteMode", "partitions")
          .save(write.path.toString());

      List<List<Integer>> wanted = write.frames();
      List<List<Integer>> next = expected(12, NEXT, frame -> true);
      for (int frame = 6; frame < 9; frame++) {
        wanted.set(frame, next.get(frame));
      }
      assertThat(onDisk(write.path))
          .as("%s, step %d", write.swap ? "swap" : "move", steps)
          .isEqualTo(wanted);
      assertHolds(folder.path(), ".scan.backup.job.staging", "scan");
      assertHolds(write.path, "parts", "structure.json");
      assertThat(TempFolder.names(write.path.resolve("parts")))
          .allMatch(name -> name.startsWith("partition-"));
    }
  }

  @Property(tries = 30)
  void publishingMayBeDoneAgainAfterAnyStep(@ForAll Random random) throws IOException {
    LocalSpark.session();
    try (TempFolder folder = TempFolder.create()) {
      Interrupted write = new Interrupted(random, folder.path().resolve("scan"));
      write.run(5 + random.nextInt(3), random);
      String host = write.record.partitions().firstKey();
      for (int again = 0; again < 3; again++) {
        write.staging.publish(write.record, host, false);
        assertThat(onDisk(write.path)).isEqualTo(write.frames());
      }
      write.staging.finish();
      write.staging.finish();
      assertHolds(folder.path(), "scan");
    }
  }

  @Test
  void aPublishThatStopsBetweenPartitionsIsDecided(@TempDir Path folder) throws IOException {
    LocalSpark.session();
    Path path = folder.resolve("scan");
    ClusterDataSet before = ClusterDataSet.create(path, STRUCTURE);
    before.partitions().forEach(partition -> fill(partition, OLD));
    Staging staging = Staging.of(path, "job");
    ClusterDataSet staged = staging.stage(STRUCTURE, Hosts.here());
    staged.partitions().forEach(partition -> fill(partition, NEW));
    CommitRecord record =
        new CommitRecord(false, new TreeMap<>(java.util.Map.of(Hosts.here(), List.of(0, 1, 2, 3))));
    staging.prepare(record, Hosts.here(), STRUCTURE);
    // A folder in the place of partition 2 stops the publishing there.
    Path inTheWay = before.partition(2).path();
    Files.delete(inTheWay);
    Files.createDirectories(inTheWay.resolve("x"));
    assertThatThrownBy(() -> staging.publish(record, Hosts.here(), false))
        .isInstanceOf(IOException.class);
    Files.delete(inTheWay.resolve("x"));
    Files.delete(inTheWay);

    writer(rows(9, 12, NEXT), "overwrite")
        .option("overwriteMode", "partitions")
        .save(path.toString());
    List<List<Integer>> wanted = expected(12, NEW, frame -> true);
    wanted.subList(9, 12).clear();
    wanted.addAll(expected(12, NEXT, frame -> true).subList(9, 12));
    assertThat(onDisk(path)).isEqualTo(wanted);
    assertHolds(folder, "scan");
  }

  @Test
  void theOldDataSetComesBackIfNothingElseIsLeft(@TempDir Path folder) throws IOException {
    LocalSpark.session();
    Path path = folder.resolve("scan");
    writer(rows(0, 9, OLD), "append").save(path.toString());
    Files.move(path, folder.resolve(".scan.job.old"));
    writer(rows(9, 12, OLD), "append").save(path.toString());
    assertThat(onDisk(path)).isEqualTo(expected(12, OLD, frame -> true));
    assertHolds(folder, "scan");
  }

  @Test
  void severalJobsAreClearedUpAtOnce(@TempDir Path folder) throws IOException {
    LocalSpark.session();
    Path path = folder.resolve("scan");
    for (int job = 0; job < 3; job++) {
      ClusterDataSet staged = Staging.of(path, "job" + job).stage(STRUCTURE, Hosts.here());
      fill(staged.partition(job), NEW);
    }
    assertThat(Leftover.beside(path)).hasSize(3);
    writer(rows(0, 12, NEXT), "errorifexists").save(path.toString());
    assertThat(onDisk(path)).isEqualTo(expected(12, NEXT, frame -> true));
    assertHolds(folder, "scan");
  }

  @Test
  void aHostThatTookPartMustBeHereToFinish(@TempDir Path folder) throws IOException {
    LocalSpark.session();
    Path path = folder.resolve("scan");
    Staging staging = Staging.of(path, "job");
    fill(staging.stage(STRUCTURE, Hosts.here()).partition(1), NEW);
    TreeMap<String, List<Integer>> partitions = new TreeMap<>();
    partitions.put(Hosts.here(), List.of(1));
    partitions.put("other.host", List.of(2));
    staging.prepare(new CommitRecord(true, partitions), Hosts.here(), STRUCTURE);
    List<String> before = TempFolder.names(folder);
    assertThat(
            assertRefused(
                ErrorCode.COMMIT_FAILED,
                () -> writer(rows(0, 12, NEXT), "append").save(path.toString())))
        .contains("other.host");
    assertThat(TempFolder.names(folder)).isEqualTo(before);
  }
}
