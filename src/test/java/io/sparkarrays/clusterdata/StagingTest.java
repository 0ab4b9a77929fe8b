// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one host does in a write job when others interfere or it was interrupted. */
class StagingTest {

  private static final PartitionStructure STRUCTURE =
      PartitionStructure.even(Shape.of(4), Shape.of(3), Dtype.parse("uint8"), 2);
  private static final PartitionStructure OTHER =
      PartitionStructure.even(Shape.of(4), Shape.of(3), Dtype.parse("uint8"), 4);
  private static final CommitRecord SWAP = record(true);
  private static final CommitRecord MOVE = record(false);

  @TempDir private Path folder;

  private static CommitRecord record(boolean swap) {
    return new CommitRecord(swap, new TreeMap<>(Map.of("here", List.of(0, 1))));
  }

  private static void fill(ClusterDataSet dataSet, int value) {
    for (Partition partition : dataSet.partitions()) {
      try (PartitionWriter handle = partition.overwrite()) {
        byte[] bytes = new byte[(int) partition.bytes()];
        Arrays.fill(bytes, (byte) value);
        handle.writeNext(ByteBuffer.wrap(bytes));
        handle.commit();
      }
    }
  }

  private Staging prepared(Path path, CommitRecord record) throws IOException {
    Staging staging = Staging.of(path, "job");
    fill(staging.stage(STRUCTURE, "here"), 2);
    staging.prepare(record, "here", STRUCTURE);
    return staging;
  }

  private static byte first(Path path) throws IOException {
    return Files.readAllBytes(ClusterDataSet.open(path).partition(0).path())[0];
  }

  @Test
  void whatWasPreparedAndIsGoneIsNotReportedAsPublished() throws IOException {
    Path path = folder.resolve("scan");
    for (CommitRecord record : List.of(SWAP, MOVE)) {
      Staging staging = prepared(path, record);
      staging.discard();
      assertThatThrownBy(() -> staging.publish(record, "here", false))
          .isInstanceOfSatisfying(
              ArrayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.COMMIT_FAILED));
      staging.publish(record, "here", true);
      assertThat(path).doesNotExist();
    }
  }

  @Test
  void aPartitionThatWasTakenAwayIsMissed() throws IOException {
    Path path = folder.resolve("scan");
    Staging staging = prepared(path, MOVE);
    staging.staged(STRUCTURE).partition(1).delete();
    assertThatThrownBy(() -> staging.publish(MOVE, "here", false))
        .isInstanceOf(ArrayException.class)
        .hasMessageContainingAll("COMMIT_FAILED", "partition-00000001");
  }

  @Test
  void aJobThatHasBegunToPublishIsNotUndone() throws IOException {
    Path path = folder.resolve("scan");
    fill(ClusterDataSet.create(path, STRUCTURE), 1);
    Staging staging = prepared(path, SWAP);
    Files.move(path, path.resolveSibling(".scan.job.old"));
    staging.discard();
    staging.publish(SWAP, "here", true);
    staging.finish();
    assertThat(first(path)).isEqualTo((byte) 2);
    assertThat(Leftover.beside(path)).isEmpty();
  }

  @Test
  void aLinkIsFollowedAlsoWhileItLeadsNowhere() throws IOException {
    Path real = Files.createDirectory(folder.resolve("disk")).resolve("scan");
    Path link = Files.createSymbolicLink(folder.resolve("scan"), Path.of("disk/scan"));
    fill(ClusterDataSet.create(real, STRUCTURE), 1);
    prepared(link, SWAP);
    Files.move(real, real.resolveSibling(".scan.job.old"));
    assertThat(Leftover.beside(link)).singleElement().matches(Leftover::decided);
    Staging.of(link, "job").publish(SWAP, "here", true);
    Staging.of(link, "job").finish();
    assertThat(link).isSymbolicLink();
    assertThat(first(real)).isEqualTo((byte) 2);
    assertThat(folder.resolve("disk")).isDirectoryContaining(p -> p.equals(real));
  }

  @Test
  void anotherStructureIsRefusedBeforeAnythingIsDecided() throws IOException {
    Path path = folder.resolve("scan");
    Staging staging = prepared(path, MOVE);
    fill(ClusterDataSet.create(path, OTHER), 1);
    assertThatThrownBy(() -> staging.publish(MOVE, "here", false))
        .isInstanceOf(ArrayException.class)
        .hasMessageContaining("STRUCTURE_DIFFERS");
    assertThat(staging.isDecided()).isFalse();
    assertThatThrownBy(() -> staging.prepare(MOVE, "here", STRUCTURE))
        .hasMessageContaining("STRUCTURE_DIFFERS");
    staging.discard();
    assertThat(first(path)).isEqualTo((byte) 1);
  }

  @Test
  void hostsThatShareADiskSeeEachOther() throws IOException {
    Path path = folder.resolve("scan");
    Staging.of(path, "job").stage(STRUCTURE, "a");
    Staging.of(path, "job").stage(STRUCTURE, "b");
    assertThat(Staging.of(path, "job").sharers()).containsExactly("a", "b");
    assertThat(Staging.of(path, "other").sharers()).isEmpty();
  }
}
